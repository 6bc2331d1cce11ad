import { loudest } from '../chat/peaks.ts';

/** What a recording may last at the most (ms). */
export const LONGEST = 15 * 60_000;
/** ms between two looks at how loud it is. */
const LOOK = 50;
/** In the order of preference: what plays everywhere first. */
const TYPES = ['audio/mp4;codecs=mp4a.40.2', 'audio/webm;codecs=opus', 'audio/ogg;codecs=opus'] as const;

export interface Recording {
  readonly blob: Blob;
  /** Seconds. */
  readonly duration: number;
  /** How loud it was, one for each look. */
  readonly levels: readonly number[];
}

/** One recording from the microphone, from `start` until it is finished or cancelled. */
export class Recorder {
  readonly #onLevel: (level: number, ms: number) => void;
  readonly #levels: number[] = [];
  readonly #chunks: Blob[] = [];
  readonly #context = new AudioContext();
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startedAt = performance.now();

  private constructor(stream: MediaStream, onLevel: (level: number, ms: number) => void) {
    this.#stream = stream;
    this.#onLevel = onLevel;
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(stream, {
      audioBitsPerSecond: 32_000,
      ...(mimeType === undefined ? {} : { mimeType }),
    });
    this.#recorder.ondataavailable = (event) => {
      if (event.data.size > 0) this.#chunks.push(event.data);
    };
    const analyser = this.#context.createAnalyser();
    this.#context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = loudest(samples);
      this.#levels.push(level);
      this.#onLevel(level, performance.now() - this.#startedAt);
    }, LOOK);
    this.#recorder.start(1_000);
  }

  /** Asks for the microphone; rejects when it is refused or there is none. `onLevel` hears how loud it is. */
  static async start(onLevel: (level: number, ms: number) => void): Promise<Recorder> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return new Recorder(stream, onLevel);
  }

  async finish(): Promise<Recording> {
    const duration = (performance.now() - this.#startedAt) / 1_000;
    await new Promise<void>((resolve) => {
      this.#recorder.onstop = () => {
        resolve();
      };
      if (this.#recorder.state === 'inactive') resolve();
      else this.#recorder.stop();
    });
    this.#end();
    const [type = 'audio/webm'] = this.#recorder.mimeType.split(';');
    return { blob: new Blob(this.#chunks, { type }), duration, levels: this.#levels };
  }

  cancel(): void {
    this.#recorder.onstop = null;
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    this.#end();
  }

  /** The microphone's light goes out. */
  #end(): void {
    clearInterval(this.#timer);
    for (const track of this.#stream.getTracks()) track.stop();
    if (this.#context.state !== 'closed') this.#context.close().catch(reportError);
  }
}

/** Why there is no recording, and the way out. */
export function recorderProblem(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The microphone is blocked. Allow it for this site in the browser’s settings.';
  if (name === 'NotFoundError') return 'No microphone was found.';
  if (name === 'NotReadableError') return 'The microphone is in use by another program.';
  return 'The microphone cannot be used.';
}

/** A file name's ending for what was recorded. */
export function endingOf(type: string): string {
  if (type.includes('mp4')) return 'm4a';
  return type.includes('ogg') ? 'ogg' : 'webm';
}
