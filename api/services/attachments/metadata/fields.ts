/** Numbers that stand one behind the other. */
export class Fields {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** False once more was read than there is. */
  get isHere(): boolean {
    return this.#at <= this.#bytes.length;
  }

  /** The next number, of so many bytes; 0 where there are not so many. */
  number(bytes: number): number {
    const at = this.#at;
    this.#at += bytes;
    if (bytes === 0 || this.#at > this.#bytes.length) return 0;
    if (bytes === 8) return Number(this.#bytes.readBigUInt64BE(at));
    return bytes <= 6 ? this.#bytes.readUIntBE(at, bytes) : 0;
  }
}
