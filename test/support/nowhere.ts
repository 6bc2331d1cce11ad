import type { Bus } from '../../shared/node/bus.ts';

/** A bus that takes everything and delivers nothing. */
export const NOWHERE: Bus = {
  publish: async () => undefined,
  subscribe: async () => undefined,
  unsubscribe: async () => undefined,
  onMessage: () => undefined,
  onState: () => undefined,
  close: async () => undefined,
};
