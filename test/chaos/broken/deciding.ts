/** An API node that takes every number handed out for decided: it neither waits for those under way nor voids any. */
import './stalls.ts';
import { Heads } from '../../../api/services/log/heads.ts';
import { MongoLogStore } from '../../../api/store/log-mongo.ts';

const { look } = Heads.prototype;
const { insert } = MongoLogStore.prototype;

Heads.prototype.look = async function (room) {
  const { top } = await look.call(this, room);
  return { decided: top, top };
};
MongoLogStore.prototype.insert = function (entries) {
  const isVoiding = entries.length > 0 && entries.every(({ kind }) => kind === 'void');
  return isVoiding ? Promise.resolve(entries.map(() => 'unknown' as const)) : insert.call(this, entries);
};
await import('../../../api/main.ts');
