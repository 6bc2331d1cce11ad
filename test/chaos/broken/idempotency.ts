/** An API node that forgets which messages it has: the index that knows each sender's clientIds lets them through. */
import { LOG_INDEXES } from '../../../api/store/log.ts';

for (const index of LOG_INDEXES)
  if (index.name === 'room_sender_client') Object.assign(index, { unique: false });
await import('../../../api/main.ts');
