/** The seam between API nodes and gateways: best-effort, at most once. What it loses, positions repair. */
export interface Bus {
  /**
   * Resolves when Redis took it; rejects within about a second when Redis is away (never hangs, never queues).
   * Order is kept per channel for calls made one after the other.
   */
  publish(channel: string, message: Buffer): Promise<void>;
  /** Resolves when the subscription is *answered*: what is published from then on arrives. Idempotent. */
  subscribe(channels: readonly string[]): Promise<void>;
  unsubscribe(channels: readonly string[]): Promise<void>;
  onMessage(listener: (channel: string, message: Buffer) => void): void;
  /**
   * `down` when the subscription connection is lost, `up` when it is back and every channel is subscribed again:
   * whatever was published between the two is missing.
   */
  onState(listener: (state: 'up' | 'down') => void): void;
  close(): Promise<void>;
}
