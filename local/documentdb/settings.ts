/** Client connections the wire server opens at most; each may open one more from inside (see `localhost…` below). */
export const POOL_SIZE = 16;

/** Where the socket is inside the enclosure; nothing listens on any network. */
export const SOCKET_DIR = '/run/postgresql';

export const SUPERUSER = 'parley';

/** PostgreSQL's settings as arguments: kept here rather than in the data directory, so that old data gets new ones. */
export function serverArguments(): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: SOCKET_DIR,
    // Cron runs the expiry of documents with a TTL index, every minute as MongoDB does.
    shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
    'cron.database_name': 'postgres',
    'cron.use_background_workers': 'on',
    'cron.log_run': 'off',
    'cron.log_statement': 'off',
    // A collection made by its first insert is made over a second connection, from inside.
    'documentdb.localhost_connection_string': `host=${SOCKET_DIR} user=${SUPERUSER}`,
    // Results of sorts and groups wait for getMore in files, so that no cursor occupies a connection.
    'documentdb.useFileBasedPersistedCursors': 'on',
    'documentdb.defaultCursorExpiryTimeLimitSeconds': 600,
    max_connections: POOL_SIZE * 2 + 12,
    shared_buffers: '256MB',
    work_mem: '16MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    // Accepted means kept: these are the defaults, and must stay.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    // Nothing replicates from here, so the log need only bring this server back.
    wal_level: 'minimal',
    max_wal_senders: 0,
    // Unique indexes are exclusion constraints, where two inserts of one key may wait for each other; one of them is
    // then told after this time, and tried again. It is PostgreSQL's default of 1 s that such a pair would take.
    deadlock_timeout: '10ms',
    jit: 'off',
    lc_messages: 'C',
    log_timezone: 'GMT',
    timezone: 'GMT',
    // Failed statements (duplicate keys above all) are told to the client; only what ends a session is logged.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
