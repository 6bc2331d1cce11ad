/** The store cannot be had here (wrong system, no root, failed install or start); the message is one clear sentence. */
export class DocumentDbUnavailable extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DocumentDbUnavailable';
  }
}
