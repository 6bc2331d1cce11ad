/** The frames of docs/asyncapi.yaml, in both directions. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isObject, type Schema, Validator } from './schema.ts';

export type Direction = 'fromClient' | 'toClient';

const { load } = createRequire(import.meta.url)('js-yaml') as { load(text: string): unknown };
const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'asyncapi.yaml');

/** Judges frames by the document: each must be exactly what it says, without a field more. */
export class FrameContract {
  readonly #validator: Validator;
  readonly #payloads: Readonly<Record<Direction, ReadonlyMap<string, Schema>>>;

  /** Throws where the document refers to what is not there, or says what cannot be checked. */
  constructor(source: string = readFileSync(DOCUMENT, 'utf8')) {
    const document = load(source);
    if (!isObject(document)) throw new Error('asyncapi.yaml is not a document');
    this.#validator = new Validator(document);
    const payloads = (direction: Direction): ReadonlyMap<string, Schema> => this.#payloadsOf(direction);
    this.#payloads = { fromClient: payloads('fromClient'), toClient: payloads('toClient') };
  }

  /** The frame types of one direction. */
  types(direction: Direction): readonly string[] {
    return [...this.#payloads[direction].keys()];
  }

  /** What is wrong with a frame; empty when nothing is. */
  complaints(direction: Direction, frame: unknown): readonly string[] {
    const type = isObject(frame) ? frame['type'] : undefined;
    const schema = typeof type === 'string' ? this.#payloads[direction].get(type) : undefined;
    if (schema === undefined) return [`${String(type)} is no frame of asyncapi.yaml (${direction})`];
    return this.#validator.complaints(frame, schema).map((problem) => `${String(type)} frame: ${problem}`);
  }

  /** The same for a resource of the REST API that frames carry too: `Message`, `Room` … */
  complaintsOf(schema: string, value: unknown): readonly string[] {
    const found = this.#validator.complaints(value, { $ref: `#/components/schemas/${schema}` });
    return found.map((problem) => `${schema}: ${problem}`);
  }

  #payloadsOf(direction: Direction): Map<string, Schema> {
    const operation = this.#validator.resolve(`#/operations/${direction}`);
    const payloads = new Map<string, Schema>();
    for (const reference of operation['messages'] as readonly Schema[]) {
      let message = reference;
      while (typeof message['$ref'] === 'string') message = this.#validator.resolve(message['$ref']);
      const payload = message['payload'];
      if (!isObject(payload)) throw new Error(`${String(message['name'])} has no payload`);
      this.#validator.verify(payload);
      payloads.set(String(message['name']), payload);
    }
    return payloads;
  }
}
