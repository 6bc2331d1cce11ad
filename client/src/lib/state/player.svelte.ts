/** Something to hear: a stored voice message, or one that was just recorded. */
export interface Sound {
  readonly id: string;
  readonly url: string;
  /** Seconds, where that is known before a byte is loaded. */
  readonly duration?: number | undefined;
}

export const RATES = [1, 1.5, 2] as const;

/** Plays one sound at a time, also while its message is scrolled out of sight. Owned by the app. */
export class Player {
  #sound: Sound | undefined = $state.raw();
  #playing = $state(false);
  #time = $state(0);
  #measured: number | undefined = $state();
  #failed = $state(false);
  #rate: (typeof RATES)[number] = $state(1);
  #audio: HTMLAudioElement | undefined;
  #video: HTMLVideoElement | undefined;
  /** Where to start (s) once it can be done. */
  #wanted: number | undefined;

  get rate(): number {
    return this.#rate;
  }
  isCurrent(id: string): boolean {
    return this.#sound?.id === id;
  }
  isPlaying(id: string): boolean {
    return this.#playing && this.isCurrent(id);
  }
  hasFailed(id: string): boolean {
    return this.#failed && this.isCurrent(id);
  }
  /** Seconds played of a sound; 0 unless it is the current one. */
  timeOf(id: string): number {
    return this.isCurrent(id) ? this.#time : 0;
  }
  durationOf(sound: Sound): number | undefined {
    return sound.duration ?? (this.isCurrent(sound.id) ? this.#measured : undefined);
  }

  toggle(sound: Sound): void {
    if (this.isPlaying(sound.id)) {
      this.#audio?.pause();
      return;
    }
    const audio = this.#select(sound);
    const duration = this.durationOf(sound);
    if (duration !== undefined && this.#time >= duration - 0.05) this.#jump(0);
    this.#play(audio);
  }

  /** Goes to a place in the sound, from 0 to 1; what is played goes on from there. */
  seek(sound: Sound, part: number): void {
    this.#select(sound);
    const duration = this.durationOf(sound);
    if (duration === undefined) return;
    this.#jump(Math.min(1, Math.max(0, part)) * duration);
  }

  nextRate(): void {
    this.#rate = RATES[(RATES.indexOf(this.#rate) + 1) % RATES.length] ?? 1;
    if (this.#audio !== undefined) this.#audio.playbackRate = this.#rate;
  }

  /** A video was started: it is the one that is heard now. */
  yieldTo(video: HTMLVideoElement): void {
    this.#audio?.pause();
    if (this.#video !== video) this.#video?.pause();
    this.#video = video;
  }

  /** Stops `id`, or whatever plays. */
  stop(id?: string): void {
    if (id !== undefined && !this.isCurrent(id)) return;
    this.#audio?.pause();
    this.#audio?.removeAttribute('src');
    this.#sound = undefined;
    this.#time = 0;
  }

  #select(sound: Sound): HTMLAudioElement {
    const audio = (this.#audio ??= this.#listen(new Audio()));
    if (this.#sound?.id === sound.id && !this.#failed) return audio;
    this.#sound = sound;
    this.#time = 0;
    this.#measured = undefined;
    this.#failed = false;
    this.#wanted = undefined;
    audio.src = sound.url;
    return audio;
  }

  #play(audio: HTMLAudioElement): void {
    this.#video?.pause();
    audio.playbackRate = this.#rate;
    audio.play().catch((error: unknown) => {
      // Paused again, or another sound chosen, before it began.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.#failed = true;
    });
  }

  #jump(time: number): void {
    this.#time = time;
    const audio = this.#audio;
    if (audio === undefined) return;
    if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) audio.currentTime = time;
    else {
      this.#wanted = time;
      audio.load();
    }
  }

  #listen(audio: HTMLAudioElement): HTMLAudioElement {
    audio.preload = 'metadata';
    audio.onplay = () => (this.#playing = true);
    audio.onpause = () => (this.#playing = false);
    audio.ontimeupdate = () => {
      if (this.#wanted === undefined) this.#time = audio.currentTime;
    };
    audio.onended = () => {
      this.#playing = false;
      this.#time = 0;
    };
    audio.ondurationchange = () => {
      if (Number.isFinite(audio.duration)) this.#measured = audio.duration;
    };
    audio.onloadedmetadata = () => {
      if (this.#wanted !== undefined) audio.currentTime = this.#wanted;
      this.#wanted = undefined;
    };
    audio.onerror = () => {
      if (audio.hasAttribute('src')) this.#failed = true;
    };
    return audio;
  }
}
