import type { RoomHandle } from '../../../../shared/sdk/types.ts';
import { normalise, resample, toWaveform } from '../chat/peaks.ts';
import { problemText } from '../chat/problems.ts';
import { endingOf, LONGEST, Recorder, recorderProblem, type Recording } from './recorder.ts';

/** Bars of a voice message. */
export const BARS = 48;
/** Levels shown while it is recorded. */
const LIVE = 48;

type Stage = 'asking' | 'recording' | 'preview' | 'sending' | 'problem';

/** A voice message being made: asked for, recorded, listened to, sent. Lasts as long as its bar. */
export class VoiceNote {
  readonly #handle: RoomHandle;
  #stage: Stage = $state('asking');
  #ms = $state(0);
  #live: readonly number[] = $state.raw(Array.from({ length: LIVE }, () => 0));
  #problem = $state('');
  #progress = $state(0);
  #recording: Recording | undefined;
  #peaks: readonly number[] = [];
  #url: string | undefined;
  #recorder: Recorder | undefined;
  #over = false;

  constructor(handle: RoomHandle) {
    this.#handle = handle;
  }

  get stage(): Stage {
    return this.#stage;
  }
  get seconds(): number {
    return this.#ms / 1_000;
  }
  get live(): readonly number[] {
    return this.#live;
  }
  get peaks(): readonly number[] {
    return this.#peaks;
  }
  get problem(): string {
    return this.#problem;
  }
  get progress(): number {
    return this.#progress;
  }
  /** What was recorded, to be heard before it is sent. */
  get url(): string | undefined {
    return this.#url;
  }
  get duration(): number {
    return this.#recording?.duration ?? 0;
  }

  async start(): Promise<void> {
    try {
      const recorder = await Recorder.start((level, ms) => {
        this.#hear(level, ms);
      });
      if (this.#over) {
        recorder.cancel();
        return;
      }
      this.#recorder = recorder;
      this.#stage = 'recording';
    } catch (error) {
      this.#problem = recorderProblem(error);
      this.#stage = 'problem';
    }
  }

  async finish(): Promise<void> {
    if (this.#stage !== 'recording' || this.#recorder === undefined) return;
    this.#recording = await this.#recorder.finish();
    this.#recorder = undefined;
    this.#peaks = normalise(resample(this.#recording.levels.map(Math.sqrt), BARS));
    this.#url = URL.createObjectURL(this.#recording.blob);
    this.#stage = 'preview';
  }

  /** True when it is with the server and the message in the list; a failure stands in `problem`. */
  async send(): Promise<boolean> {
    await this.finish();
    const recording = this.#recording;
    if (recording === undefined || this.#stage !== 'preview') return false;
    this.#stage = 'sending';
    this.#problem = '';
    try {
      const attachment = await this.#handle.upload(recording.blob, {
        name: `voice-message.${endingOf(recording.blob.type)}`,
        voice: { duration: Math.round(recording.duration * 10) / 10, waveform: toWaveform(this.#peaks) },
        onProgress: (sent, total) => (this.#progress = sent / Math.max(1, total)),
      });
      this.#handle.send('', { attachments: [attachment] });
      return true;
    } catch (error) {
      this.#problem = problemText(error);
      this.#stage = 'preview';
      return false;
    }
  }

  /** Nothing is kept; an upload under way still arrives. */
  end(): void {
    this.#over = true;
    this.#recorder?.cancel();
    this.#recorder = undefined;
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
  }

  #hear(level: number, ms: number): void {
    this.#ms = ms;
    this.#live = [...this.#live.slice(1), level];
    if (ms >= LONGEST) void this.finish();
  }
}
