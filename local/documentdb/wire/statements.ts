const page = 'cursorpage, continuation, cursorid';

/** DocumentDB's functions, each taking and giving MongoDB's command documents as they are. Keys name the statements. */
export const STATEMENTS = {
  insert: 'CALL documentdb_api.insert_bulk($1, $2, $3, NULL, NULL, NULL)',
  update: 'SELECT p_result FROM documentdb_api.update($1, $2, $3, NULL)',
  delete: 'SELECT p_result FROM documentdb_api.delete($1, $2, $3, NULL)',
  findAndModify: 'SELECT p_result FROM documentdb_api.find_and_modify($1, $2, NULL)',
  count: 'SELECT document FROM documentdb_api.count_query($1, $2)',
  distinct: 'SELECT document FROM documentdb_api.distinct_query($1, $2)',
  find: `SELECT ${page} FROM documentdb_api.find_cursor_first_page($1, $2)`,
  aggregate: `SELECT ${page} FROM documentdb_api.aggregate_cursor_first_page($1, $2)`,
  listCollections: `SELECT ${page} FROM documentdb_api.list_collections_cursor_first_page($1, $2)`,
  listIndexes: `SELECT ${page} FROM documentdb_api.list_indexes_cursor_first_page($1, $2)`,
  getMore: 'SELECT cursorpage, continuation FROM documentdb_api.cursor_get_more($1, $2, $3)',
  forgetCursors: 'SELECT documentdb_api_internal.delete_cursors($1::bigint[])',
  create: 'SELECT documentdb_api.create_collection_view($1, $2)',
  drop: 'SELECT documentdb_api.drop_collection($1, $2)',
  dropDatabase: 'SELECT documentdb_api.drop_database($1)',
  collMod: 'SELECT documentdb_api.coll_mod($1, $2, $3)',
  renameCollection: 'SELECT documentdb_api.rename_collection($1)',
  createIndexes: 'SELECT documentdb_api_internal.create_indexes_non_concurrently($1, $2, true)',
  dropIndexes: 'CALL documentdb_api.drop_indexes($1, $2, NULL)',
  indexName: `SELECT (index_spec).index_name FROM documentdb_api_catalog.collection_indexes WHERE index_id = $1`,
  listDatabases: 'SELECT documentdb_api.list_databases($1)',
  collStats: 'SELECT documentdb_api.coll_stats($1, $2)',
  dbStats: 'SELECT documentdb_api.db_stats($1)',
  validate: 'SELECT document FROM documentdb_api.validate($1, $2)',
  explainFind:
    'EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.bson_aggregation_find($1, $2)',
  explainAggregate:
    'EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.bson_aggregation_pipeline($1, $2)',
  explainCount:
    'EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.bson_aggregation_count($1, $2)',
  explainDistinct:
    'EXPLAIN (FORMAT JSON) SELECT document FROM documentdb_api_catalog.bson_aggregation_distinct($1, $2)',
} as const;

export type StatementName = keyof typeof STATEMENTS;
