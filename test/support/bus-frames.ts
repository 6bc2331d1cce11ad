import { decodeEnvelope, eachLog, Kind, type Envelope } from '../../shared/node/envelope.ts';

/** What a message on the bus says, as if each number had come alone. */
export function envelopesIn(message: Buffer): Envelope[] {
  const envelope = decodeEnvelope(message);
  if (envelope === undefined) return [];
  if (envelope.kind !== Kind.logs) return [envelope];
  const all: Envelope[] = [];
  const isWhole = eachLog(envelope, (number, body) =>
    all.push({ ...envelope, kind: Kind.log, number, body }),
  );
  if (!isWhole) throw new Error('frames on the bus are not whole');
  return all;
}
