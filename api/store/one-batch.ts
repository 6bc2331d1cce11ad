/**
 * `batchSize` of a read whose answer must be whole: more rows than it can have, so that all come in one batch. Between two
 * batches a row that is updated may move behind the cursor and be missed (DocumentDB does that without a sort), and a
 * membership that is missed throws a member out.
 */
export const ONE_BATCH = 100_000;
