import type { Room } from '../../../../shared/wire/rest.ts';
import { isLoud } from './room-list.ts';

/** The tab's title: how many conversations wait, where you are, the product. */
export function pageTitle(rooms: readonly Room[], place: string | undefined): string {
  const waiting = rooms.filter((room) => isLoud(room)).length;
  const count = waiting > 0 ? `(${String(waiting)}) ` : '';
  return place === undefined ? `${count}Parley` : `${count}${place} · Parley`;
}
