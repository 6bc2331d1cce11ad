import fc from 'fast-check';
import { MetadataCleaner } from '../../../../api/services/attachments/metadata/cleaner.ts';

/** `bytes` as they would be stored, coming in parts that end at these places. */
export function clean(bytes: Buffer, cuts: readonly number[] = []): Buffer {
  const cleaner = new MetadataCleaner();
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const kept: Buffer[] = [];
  let from = 0;
  for (const end of ends) {
    if (end > from) kept.push(...cleaner.push(Buffer.from(bytes.subarray(from, end))));
    from = Math.max(from, end);
  }
  return Buffer.concat([...kept, ...cleaner.end()]);
}

export const cutList = fc.array(fc.nat(), { maxLength: 8 });

/** As `clean`, and the same however the bytes come in. */
export function cleanAnyhow(bytes: Buffer): Buffer {
  const whole = clean(bytes);
  fc.assert(
    fc.property(cutList, (cuts) => clean(bytes, cuts).equals(whole)),
    { numRuns: 100 },
  );
  const each = Array.from({ length: Math.min(bytes.length, 4_000) }, (_, i) => i);
  if (!clean(bytes, each).equals(whole)) throw new Error('byte by byte it is cleaned otherwise');
  return whole;
}
