/** A sound's outline: how loud it is, piece by piece, from 0 to 1. Pure. */

/** How loud a moment is: its loudest sample. */
export function loudest(samples: Float32Array): number {
  let most = 0;
  for (const sample of samples) most = Math.max(most, Math.abs(sample));
  return Math.min(1, most);
}

/** As many levels as wanted out of however many were heard: the loudest of each piece, nothing lost. */
export function resample(levels: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * levels.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * levels.length) / count));
    return Math.max(0, ...levels.slice(from, to));
  });
}

/** The loudest becomes 1; silence stays silent. */
export function normalise(levels: readonly number[]): number[] {
  const most = Math.max(0, ...levels);
  return levels.map((level) => (most > 0.001 ? level / most : 0));
}

/** As they travel: whole numbers from 0 to 100. */
export function toWaveform(peaks: readonly number[]): number[] {
  return peaks.map((peak) => Math.round(Math.min(1, Math.max(0, peak)) * 100));
}

export function fromWaveform(waveform: readonly number[]): number[] {
  return waveform.map((level) => Math.min(1, Math.max(0, level / 100)));
}
