/** `npm run docs:rights`: writes docs/rights.md from the table in api/rights. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rightsPage } from './rights-page.ts';

await writeFile(join(import.meta.dirname, 'rights.md'), rightsPage());
