import { canApt } from '../apt.ts';
import { onPath, run } from '../command.ts';
import { reason, SetupError } from '../errors.ts';
import type { Output } from '../output.ts';
import { DEFAULT_ROOT, installDocumentDB, isInstalled } from '../documentdb/install.ts';
import { askMongo } from './ask.ts';
import { downloadedMongod } from './downloaded.ts';

/** A MongoDB of one's own, a mongod to start, or DocumentDB in its own root. */
export type MongoChoice =
  | { readonly kind: 'url'; readonly url: string; readonly about: string }
  | { readonly kind: 'mongod'; readonly program: string; readonly about: string }
  | { readonly kind: 'documentdb'; readonly root: string; readonly about: string };

const CHOICES =
  'set MONGODB_URL, install mongod (8.0), or run as root on Debian or Ubuntu, where DocumentDB serves';

/** MONGODB_URL, else mongod on PATH, else a downloaded one, else DocumentDB; throws SetupError naming the choices. */
export async function findMongo(env: NodeJS.ProcessEnv, output: Output): Promise<MongoChoice> {
  const url = env['MONGODB_URL'];
  if (url !== undefined && url !== '') return { kind: 'url', url, about: await askMongo(url) };
  const program = await onPath('mongod');
  if (program !== undefined) return await describe(program, 'found');
  const downloaded = await downloadedMongod(output);
  if (downloaded !== undefined) return await describe(downloaded, 'downloaded');
  if (await canApt()) return await documentDB(env['PARLEY_DOCUMENTDB'] ?? DEFAULT_ROOT, output);
  throw new SetupError(`no MongoDB found: ${CHOICES}`);
}

async function describe(program: string, how: string): Promise<MongoChoice> {
  const { output } = await run(program, ['--version']);
  const version = /version v([\d.]+)/.exec(output)?.[1] ?? '';
  return { kind: 'mongod', program, about: `mongod ${version} at ${program} (${how})` };
}

async function documentDB(root: string, output: Output): Promise<MongoChoice> {
  const found = await isInstalled(root);
  if (!found) {
    const log = (line: string) => output.progress('mongodb', `installing DocumentDB: ${line}`);
    await installDocumentDB({ root, log }).catch((error: unknown) => {
      throw new SetupError(`no MongoDB: ${reason(error)}; ${CHOICES}`, { cause: error });
    });
  }
  return {
    kind: 'documentdb',
    root,
    about: `DocumentDB ${await packageVersion(root)} in ${root} (${found ? 'found' : 'installed'})`,
  };
}

/** The version of the extension's package in the root, such as "1.0"; empty when dpkg cannot tell. */
async function packageVersion(root: string): Promise<string> {
  const query = [
    `--admindir=${root}/var/lib/dpkg`,
    '--show',
    '--showformat=${Version}',
    'postgresql-18-documentdb',
  ];
  const { ok, output } = await run('dpkg-query', query);
  return ok ? output.replace(/-.*$/, '') : '';
}
