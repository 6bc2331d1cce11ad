/** Looks into a frame's text without parsing it: a device hears thousands, and the engine parses them already. */

export interface FrameGist {
  readonly type: string;
  /** Rooms of which it tells something. */
  readonly rooms: readonly string[];
  /** The log's number, where it carries one. */
  readonly seq?: number;
}

/** What is told to a sender, or of being out, is nothing of the room. */
const NOT_OF_A_ROOM = new Set(['ack', 'error', 'room.removed', 'pong', 'bye', 'presence', 'user']);
const NUMBERED = new Set(['message', 'change', 'void']);
const IDS_AS_KEYS = /"([0-9a-f]{24})":/g;

/** Inside a text all quotes are escaped, so that none of these can be found there. */
export function describeFrame(text: string): FrameGist {
  const type = /"type":"([^"]+)"/.exec(text)?.[1] ?? '';
  if (NOT_OF_A_ROOM.has(type)) return { type, rooms: [] };
  if (type === 'ready' || type === 'beat')
    return { type, rooms: [...text.matchAll(IDS_AS_KEYS)].map(([, id = '']) => id) };
  const room = /"room":(?:\{"id":)?"([0-9a-f]{24})"/.exec(text)?.[1];
  const seq = NUMBERED.has(type) ? Number(/"seq":(\d+)/.exec(text)?.[1] ?? NaN) : NaN;
  return { type, rooms: room === undefined ? [] : [room], ...(Number.isNaN(seq) ? {} : { seq }) };
}
