/** Now and then a batch waits between its numbers and its insert, as on a node that is stopped just there. */
import { MongoLogStore } from '../../../api/store/log-mongo.ts';

const SHARE = 0.15;
const SHORTEST = 2_000;
const LONGEST = 5_000;

const { insert } = MongoLogStore.prototype;

MongoLogStore.prototype.insert = async function (entries) {
  const isVoiding = entries.every(({ kind }) => kind === 'void');
  if (!isVoiding && Math.random() < SHARE) {
    const ms = SHORTEST + Math.random() * (LONGEST - SHORTEST);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  return insert.call(this, entries);
};
