/** The client of sends over Parley's socket, a process of its own: each socket keeps so many sends under way. */
import { connectRaw, type RawSocket } from '../../load/socket/index.ts';
import { sleep } from '../measure/clock.ts';
import { Texts } from '../publish/text.ts';
import { serve } from './calls.ts';
import { DIALECTS } from './dialects.ts';
import { SendMeter } from './send-meter.ts';
import type { SendReport, SendTimes } from './send-report.ts';

export interface SocketSendCall extends SendTimes {
  readonly origin: string;
  readonly senders: readonly { readonly token: string; readonly room: string }[];
  /** Sends under way on each socket. */
  readonly depth: number;
}

const READ_BYTES = 256 * 1024;
const { parley } = DIALECTS;
/** ms before a send that was refused is followed by another. */
const PAUSE = 100;

interface Answer {
  readonly type: string;
  readonly clientId?: string;
  readonly code?: string;
}

/** One socket that sends, its next message as soon as one of those before is answered. */
class Sender {
  readonly #room: string;
  readonly #name: string;
  readonly #texts: Texts;
  readonly #meter: SendMeter;
  readonly #sent = new Map<string, number>();
  #socket: RawSocket | undefined;
  #count = 0;
  #onDone: (error?: Error) => void = () => undefined;

  constructor(room: string, name: string, shared: { readonly texts: Texts; readonly meter: SendMeter }) {
    this.#room = room;
    this.#name = name;
    this.#texts = shared.texts;
    this.#meter = shared.meter;
  }

  /** Keeps `depth` sends under way until the time is over and all are answered. */
  async run(socket: RawSocket, token: string, depth: number): Promise<void> {
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      this.#onDone = (error) => (error === undefined ? resolve() : reject(error));
      socket.listen({
        onText: (bytes, start, end) => {
          if (!parley.isMessage(bytes, start)) this.#onFrame(bytes.toString('utf8', start, end), depth);
        },
        onClose: (code, reason) => this.#onDone(new Error(`a sender was closed with ${code} ${reason}`)),
      });
      socket.sendText(parley.greeting(token, []) ?? '');
    });
    socket.close();
  }

  #onFrame(text: string, depth: number): void {
    if (parley.isReady(text)) {
      for (let i = 0; i < depth; i++) this.#send();
      return;
    }
    const frame = JSON.parse(text) as Answer;
    const sentAt = this.#sent.get(frame.clientId ?? '');
    if (sentAt === undefined) return;
    this.#sent.delete(frame.clientId ?? '');
    if (frame.type === 'ack') {
      this.#meter.acknowledged(sentAt);
      this.#send();
    } else {
      this.#meter.refused(frame.code ?? frame.type);
      void sleep(PAUSE).then(() => this.#send());
    }
  }

  #send(): void {
    if (this.#meter.isOver) {
      if (this.#sent.size === 0) this.#onDone();
      return;
    }
    const clientId = `${this.#name}-${this.#count++}`;
    this.#sent.set(clientId, performance.now());
    this.#socket?.sendText(
      `{"type":"send","clientId":"${clientId}","room":"${this.#room}","text":"${this.#texts.next()}"}`,
    );
  }
}

async function send({ origin, senders, depth, ...times }: SocketSendCall): Promise<SendReport> {
  const readBuffer = Buffer.allocUnsafe(READ_BYTES);
  const url = `${origin}${parley.path}`;
  const open = (): Promise<RawSocket> => connectRaw({ url, protocols: parley.protocols, readBuffer });
  const sockets = await Promise.all(senders.map(open));
  const shared = { texts: new Texts(), meter: new SendMeter(times) };
  const session = Date.now().toString(36);
  await Promise.all(
    sockets.map((socket, i) => {
      const { room = '', token = '' } = senders[i] ?? {};
      return new Sender(room, `${session}-${i}`, shared).run(socket, token, depth);
    }),
  );
  return shared.meter.report();
}

const calls = { send };
export type SocketSendCalls = typeof calls;
serve(calls);
