import type { AttachmentStore, FileFacts, NewAttachment, NewShare, StoredAttachment } from './attachments.ts';

/** The attachment store's memory twin, for unit tests. */
export class MemoryAttachmentStore implements AttachmentStore {
  readonly #rows = new Map<string, StoredAttachment>();

  async begin(attachment: NewAttachment, until: Date): Promise<void> {
    this.#rows.set(attachment.id, { ...attachment, state: 'uploading', sweepAt: until });
  }

  async underway(owner: string, now: Date): Promise<number> {
    const isIt = (row: StoredAttachment): boolean =>
      row.owner === owner && row.state === 'uploading' && (row.sweepAt ?? now) > now;
    return this.#all(isIt).length;
  }

  async used(owner: string, without: readonly string[] = []): Promise<number> {
    const sizes = new Map<string, number>();
    for (const row of this.#all((one) => one.owner === owner && one.state === 'ready'))
      sizes.set(row.body ?? row.id, row.size ?? 0);
    for (const body of without) sizes.delete(body);
    return [...sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  async renew(id: string, until: Date): Promise<boolean> {
    return (
      this.#change([id], (row) => (row.state === 'uploading' ? { ...row, sweepAt: until } : undefined)) === 1
    );
  }

  async finish(id: string, facts: FileFacts, until: Date): Promise<boolean> {
    const finished = (row: StoredAttachment): StoredAttachment | undefined =>
      row.state === 'uploading' ? { ...row, ...facts, state: 'ready', sweepAt: until } : undefined;
    return this.#change([id], finished) === 1;
  }

  async byIds(ids: readonly string[]): Promise<readonly StoredAttachment[]> {
    return this.#all(({ id }) => ids.includes(id));
  }

  async claim(ids: readonly string[], clientId: string, until: Date): Promise<number> {
    return this.#change(ids, (row) => {
      const isFree = row.claim === undefined || row.claim === clientId;
      return row.state === 'ready' && isFree ? { ...row, claim: clientId, sweepAt: until } : undefined;
    });
  }

  async share(files: readonly NewShare[], clientId: string, until: Date): Promise<number> {
    const fresh = files.filter(({ id }) => !this.#rows.has(id));
    for (const file of fresh)
      this.#rows.set(file.id, { ...file, state: 'ready', claim: clientId, sweepAt: until });
    return fresh.length;
  }

  async isReached(body: string): Promise<boolean> {
    return this.#all((row) => row.state !== 'gone' && (row.body ?? row.id) === body).length > 0;
  }

  async due(now: Date, limit: number): Promise<readonly StoredAttachment[]> {
    const at = ({ sweepAt }: StoredAttachment): number => sweepAt?.getTime() ?? Infinity;
    return this.#all((row) => at(row) <= now.getTime())
      .sort((a, b) => at(a) - at(b))
      .slice(0, limit);
  }

  async settle(id: string): Promise<void> {
    this.#change([id], ({ sweepAt: _, ...row }) => (row.state === 'ready' ? row : undefined));
  }

  async retire(id: string, now: Date, at: Date): Promise<boolean> {
    const isDue = ({ sweepAt }: StoredAttachment): boolean => sweepAt !== undefined && sweepAt <= now;
    return this.#change([id], (row) => (isDue(row) ? gone(row, at) : undefined)) === 1;
  }

  async forget(ids: readonly string[], at: Date): Promise<void> {
    this.#change(ids, (row) => gone(row, at));
  }

  async forgetRoom(room: string, at: Date): Promise<void> {
    const ids = this.#all((row) => row.room === room).map(({ id }) => id);
    await this.forget(ids, at);
  }

  async forgetOwner(owner: string, at: Date): Promise<void> {
    const ids = this.#all((row) => row.owner === owner).map(({ id }) => id);
    await this.forget(ids, at);
  }

  async remove(id: string): Promise<void> {
    this.#rows.delete(id);
  }

  #all(isIt: (row: StoredAttachment) => boolean): StoredAttachment[] {
    return [...this.#rows.values()].filter(isIt);
  }

  /** Gives how many there were to change. */
  #change(ids: readonly string[], change: (row: StoredAttachment) => StoredAttachment | undefined): number {
    const found = ids.flatMap((id) => this.#rows.get(id) ?? []);
    const changed = found.flatMap((row) => change(row) ?? []);
    for (const row of changed) this.#rows.set(row.id, row);
    return changed.length;
  }
}

const gone = (row: StoredAttachment, at: Date): StoredAttachment => ({ ...row, state: 'gone', sweepAt: at });
