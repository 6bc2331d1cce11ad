import { messageLength } from './message.ts';

/** Cuts a stream of bytes into whole messages. Throws ProtocolError when one claims an impossible length. */
export class Framing {
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = 4;

  /** The messages completed by this chunk. */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    // Joined only when a message is whole: one of 48 MB comes in hundreds of chunks.
    if (this.#held < this.#needed) return [];
    let bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    const messages: Buffer[] = [];
    for (this.#needed = 4; bytes.length >= 4; bytes = bytes.subarray(this.#needed), this.#needed = 4) {
      this.#needed = messageLength(bytes);
      if (bytes.length < this.#needed) break;
      messages.push(bytes.subarray(0, this.#needed));
    }
    this.#chunks = bytes.length > 0 ? [bytes] : [];
    this.#held = bytes.length;
    return messages;
  }
}
