/** Files: taken in, sent, sent on, given out, swept. */
import type { Redis } from 'ioredis';
import { SWEEPER_LEASE_KEY } from '../../../shared/node/keys.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { AttachmentStore } from '../../store/attachments.ts';
import type { FileStore } from '../../store/files.ts';
import type { LogStore } from '../../store/log.ts';
import type { MembershipCache } from '../membership.ts';
import type { ServerConfig } from '../../../shared/wire/rest.ts';
import { RedisLease } from '../search/lease.ts';
import type { FileLimits } from './allowance.ts';
import { Claims } from './claims.ts';
import { Downloads } from './downloads.ts';
import { Pictures } from './pictures.ts';
import { Shares } from './shares.ts';
import { Sweeper } from './sweeper.ts';
import { Uploads, type UploadObserver } from './uploads.ts';

export interface AttachmentDeps {
  readonly stores: {
    readonly attachments: AttachmentStore;
    readonly files: FileStore;
    readonly log: LogStore;
  };
  readonly membership: MembershipCache;
  readonly redis: Redis;
  readonly logger: Logger;
  readonly observer: AttachmentObserver;
  readonly limits: FileLimits;
}
export interface AttachmentObserver extends UploadObserver {
  sentOut(bytes: number): void;
  swept(files: number): void;
}

export class Attachments {
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly claims: Claims;
  readonly shares: Shares;
  readonly sweeper: Sweeper;
  readonly #store: AttachmentStore;
  readonly #limits: FileLimits;

  constructor({ stores, membership, redis, logger, observer, limits }: AttachmentDeps) {
    const { attachments: store, files, log } = stores;
    this.#store = store;
    this.#limits = limits;
    const pictures = new Pictures();
    this.uploads = new Uploads({ store, files, pictures, senders: membership, logger, observer, limits });
    const onBytes = (bytes: number): void => observer.sentOut(bytes);
    this.downloads = new Downloads({ store, files, membership, onBytes });
    this.claims = new Claims(store);
    this.shares = new Shares(store, limits.quota);
    const lease = new RedisLease(redis, logger, SWEEPER_LEASE_KEY);
    const onSwept = (count: number): void => observer.swept(count);
    this.sweeper = new Sweeper({ store, files, log, lease, logger, onSwept });
  }

  /** What `user` may upload. */
  async limitsOf(user: string): Promise<ServerConfig['files']> {
    const { file: maxBytes, quota: bytes } = this.#limits;
    return bytes === 0 ? { maxBytes } : { maxBytes, quota: { bytes, used: await this.#store.used(user) } };
  }

  /** Out of reach at once; a sweep removes them. */
  async forget(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#store.forget(ids, new Date());
  }

  async deleteRoom(room: string): Promise<void> {
    await this.#store.forgetRoom(room, new Date());
  }

  async deleteUser(user: string): Promise<void> {
    await this.#store.forgetOwner(user, new Date());
  }
}
