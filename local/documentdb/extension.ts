import pg from 'pg';
import { SUPERUSER } from './settings.ts';

/**
 * Brings the extension into the database, updates it where the shared root has a newer one, and stops its two jobs
 * that look for queued index builds every 2 s: we build indexes at once. Every step may be repeated.
 */
export async function prepareExtension(socketDir: string): Promise<void> {
  const client = new pg.Client({ host: socketDir, user: SUPERUSER, database: 'postgres' });
  await client.connect();
  try {
    await client.query('CREATE EXTENSION IF NOT EXISTS documentdb CASCADE');
    const outdated = await client.query<{ name: string }>(
      `SELECT name FROM pg_available_extensions WHERE name LIKE 'documentdb%' AND installed_version <> default_version
       ORDER BY name = 'documentdb'`,
    );
    for (const { name } of outdated.rows) await client.query(`ALTER EXTENSION ${name} UPDATE`);
    await client.query(
      `SELECT cron.alter_job(jobid, active := false) FROM cron.job
       WHERE jobname LIKE 'documentdb_index_build_task%' AND active`,
    );
  } finally {
    await client.end();
  }
}
