import { expect } from 'chai';
import { Delivered } from '../../../shared/sdk/delivered.ts';
import type { Message } from '../../../shared/wire/rest.ts';

const by = (id: string, seq: number): Message => ({
  ...{ room: 'r', seq, id: `m${seq}`, kind: 'text', text: 'x', rev: seq, at: '2026-03-01T08:00:00.000Z' },
  sender: { id, username: id, displayName: id },
});

describe('how far messages came to a device', () => {
  let told: number[];
  let delivered: Delivered;
  beforeEach(() => {
    told = [];
    delivered = new Delivered((seq) => told.push(seq));
  });
  /** These come at one time, and nothing before them is missing. */
  const come = (...messages: readonly Message[]): void => {
    const last = messages.at(-1);
    delivered.hear(messages, 'me');
    delivered.note(last, last?.seq ?? 0, 'me');
  };

  it('is told once for each message of somebody else', () => {
    come(by('ann', 1));
    come(by('ann', 2));
    delivered.note(by('ann', 2), 2, 'me');
    expect(told).to.deep.equal([1, 2]);
  });

  it('is not told for one’s own', () => {
    come(by('ann', 1));
    come(by('me', 2));
    come(by('me', 3));
    expect(told).to.deep.equal([1]);
  });

  it('is told where one’s own came together with that of somebody else before it', () => {
    come(by('ann', 1), by('me', 2));
    come(by('me', 3));
    expect(told).to.deep.equal([2]);
  });

  it('is told only once nothing before it is missing', () => {
    delivered.note(by('ann', 3), 1, 'me');
    expect(told).to.deep.equal([]);
    delivered.note(by('ann', 3), 3, 'me');
    expect(told).to.deep.equal([3]);
  });
});
