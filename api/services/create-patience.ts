import type { Observer } from './observer.ts';
import { Patience, PATIENCE } from './patience.ts';
import { Silence } from './silence.ts';

/** How long the store is waited for. What sends and sessions ask of it is small: if that takes long, it has gone silent. */
export function createPatience({ refused: onImpatience }: Observer) {
  const silence = new Silence();
  const store = { what: 'The message store', silence, onImpatience };
  return {
    silence,
    send: new Patience({ ...store, limitMs: PATIENCE.send }),
    session: new Patience({ ...store, what: 'The session store', limitMs: PATIENCE.session }),
    change: new Patience({ ...store, limitMs: PATIENCE.change, tells: false }),
    read: new Patience({ ...store, limitMs: PATIENCE.read, tells: false }),
    log: new Patience({ ...store, limitMs: PATIENCE.log, tells: false }),
  };
}
