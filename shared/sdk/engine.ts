import type { ClientFrame } from '../wire/protocol.ts';
import type { Me } from '../wire/rest.ts';
import type { Api } from './api.ts';
import type { Names } from './names.ts';
import type { Outbox } from './outbox.ts';
import type { Timing } from './timing.ts';

/** What the parts of the engine need of each other; built by the client. */
export interface Engine {
  readonly api: Api;
  readonly timing: Timing;
  readonly random: () => number;
  readonly warn: (message: string, error: unknown) => void;
  readonly me: () => Me | undefined;
  /** Ids of whom they blocked. */
  readonly blocked?: () => ReadonlySet<string>;
  /** Reads anew the names of people who are looked at. */
  readonly names: Pick<Names, 'want' | 'onReturn'>;
  readonly outbox: () => Outbox | undefined;
  /** True when the frame went out: only while the socket is ready. */
  readonly send: (frame: ClientFrame) => boolean;
}
