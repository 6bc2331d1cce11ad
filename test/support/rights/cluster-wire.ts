import { call, Person, type Place } from '../person.ts';
import type { Wire } from './world.ts';

/** Through NGINX, as everybody comes. */
export function clusterWire(place: Place): Wire {
  return {
    call: (method, path, options) => call(place, method, path, options),
    register: (prefix) => Person.register(place, prefix),
    upload: (token, query, bytes) => {
      const raw = { body: new Uint8Array(bytes), headers: { authorization: `Bearer ${token}` } };
      return call(place, 'POST', `/attachments?${query}`, { raw });
    },
  };
}
