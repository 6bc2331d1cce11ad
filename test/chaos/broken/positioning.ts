/** A gateway that never looks whether Redis lost anything. */
import { Positions } from '../../../gateway/positions.ts';

Positions.prototype.check = () => Promise.resolve();
await import('../../../gateway/main.ts');
