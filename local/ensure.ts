/** `tsx local/ensure.ts [--with-chromium]`: installs the servers (and the browser) that are missing, and says what it found. */
import { parseArgs } from 'node:util';
import { findChromium } from './find/chromium.ts';
import { withErrors } from './exit.ts';
import { createOutput } from './output.ts';
import { ensureServers } from './servers.ts';

await withErrors(async () => {
  const { values } = parseArgs({ options: { 'with-chromium': { type: 'boolean', default: false } } });
  const output = createOutput();
  const servers = await ensureServers(process.env, output);
  output.line('mongodb', servers.mongo.about);
  output.line('redis', servers.redis.about);
  output.line('nginx', servers.nginx.about);
  if (values['with-chromium']) output.line('chromium', await findChromium(process.env, output));
});
