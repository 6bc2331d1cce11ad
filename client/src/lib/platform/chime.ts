/** Two soft notes, made when they are needed: no file to load. Silent where the browser forbids sound. */
export function chime(): void {
  try {
    const context = new AudioContext();
    const start = context.currentTime;
    for (const [i, frequency] of [660, 880].entries()) {
      const at = start + i * 0.09;
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.08, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.25);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + 0.26);
    }
    setTimeout(() => {
      context.close().catch(() => undefined);
    }, 1_000);
  } catch {
    // No audio here.
  }
}
