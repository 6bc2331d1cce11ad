/** The client of sends over HTTP, a process of its own: so many callers, each with one request under way at a time. */
import { sleep } from '../measure/clock.ts';
import { Texts } from '../publish/text.ts';
import { serve } from './calls.ts';
import { HttpConnection } from './http-connection.ts';
import { SendMeter } from './send-meter.ts';
import type { SendReport, SendTimes } from './send-report.ts';

export interface HttpSendCall extends SendTimes {
  readonly port: number;
  /** Each caller posts to one path with one token. */
  readonly callers: readonly { readonly path: string; readonly token: string }[];
}

const READ_BYTES = 64 * 1024;
const CREATED = 201;
/** ms before a request that was refused is followed by another. */
const PAUSE = 100;

async function send({ port, callers, ...times }: HttpSendCall): Promise<SendReport> {
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  const connections = await Promise.all(callers.map(() => HttpConnection.open(port, buffer)));
  const texts = new Texts();
  const meter = new SendMeter(times);
  const run = async (connection: HttpConnection, head: string, name: string): Promise<void> => {
    for (let count = 0; !meter.isOver; count++) {
      const body = `{"clientId":"${name}-${count}","text":"${texts.next()}"}`;
      const sentAt = performance.now();
      const status = await connection.request(`${head}content-length: ${body.length}\r\n\r\n${body}`);
      if (status === CREATED) meter.acknowledged(sentAt);
      else {
        meter.refused(String(status));
        await sleep(PAUSE);
      }
    }
    connection.close();
  };
  const session = Date.now().toString(36);
  await Promise.all(
    connections.map((connection, i) => {
      const { path = '', token = '' } = callers[i] ?? {};
      return run(connection, headOf(path, token), `${session}-${i}`);
    }),
  );
  return meter.report();
}

const headOf = (path: string, token: string): string =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`;

const calls = { send };
export type HttpSendCalls = typeof calls;
serve(calls);
