/** `node dist/local/health.js PORT`: exits 0 when the process on this machine's PORT says it is ready; for containers. */
import { answers } from './http.ts';

process.exitCode = (await answers(`http://127.0.0.1:${process.argv[2] ?? '8082'}/readyz`)) ? 0 : 1;
