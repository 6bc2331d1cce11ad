/** The control of `deciding`: the same stalls, and nothing is switched off. */
import './stalls.ts';

await import('../../../api/main.ts');
