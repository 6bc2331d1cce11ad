import { expect } from 'chai';
import { Quotes } from '../../../shared/sdk/quotes.ts';
import type { Message, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, until, usePlans, type World } from './world.ts';

const at = (seq: number, rev: number): Message =>
  ({ seq, rev, text: `as of ${rev}`, sender: { id: 'a' } }) as Message;

describe('quoted messages', () => {
  const make = (...answers: (readonly Message[] | 'away')[]) => {
    const asked: (readonly number[])[] = [];
    const quotes = new Quotes({
      fetch: (seqs) => {
        asked.push(seqs);
        const answer = answers.shift() ?? [];
        return answer === 'away' ? Promise.reject(new Error('away')) : Promise.resolve(answer);
      },
      held: () => [],
      warn: () => undefined,
    });
    return { asked, quotes };
  };

  it('are fetched together, once, also before the room itself is known', async () => {
    const { asked, quotes } = make();
    for (const seq of [3, 5, 3]) quotes.want(seq);
    await until(quotes.messages, (found) => found.size === 2);
    expect(quotes.messages.get().get(3)).to.equal(null);
    expect(asked).to.deep.equal([[3, 5]]);
  });

  it('are not asked for in a room that is gone, until one is let in again', async () => {
    const { asked, quotes } = make();
    quotes.want(1);
    await until(quotes.messages, (found) => found.size === 1);
    quotes.end();
    quotes.want(1);
    quotes.begin();
    quotes.want(2);
    await until(quotes.messages, (found) => found.size === 1);
    expect(asked).to.deep.equal([[1], [2]]);
  });

  it('are read anew where the room went on unheard, and shown as they were until then', async () => {
    const { asked, quotes } = make([at(3, 3)], 'away', [at(3, 7)]);
    const shown: (string | undefined)[] = [];
    const stop = quotes.messages.subscribe((found) => shown.push(found.get(3)?.text));
    quotes.want(3);
    await until(quotes.messages, (found) => found.size === 1);
    quotes.doubt();
    await eventually(() => asked.length === 2);
    quotes.again();
    await until(quotes.messages, (found) => found.get(3)?.rev === 7);
    expect(shown).to.deep.equal(['as of 3', 'as of 7']);
    quotes.again();
    stop();
    quotes.doubt();
    expect(quotes.messages.get().size, 'nobody looks').to.equal(0);
    expect(asked).to.deep.equal([[3], [3], [3]]);
  });

  it('keep what was heard while they were read', async () => {
    const { quotes } = make([at(3, 3)], [at(3, 5), at(4, 4)]);
    const stop = quotes.messages.subscribe(() => undefined);
    quotes.want(3);
    await until(quotes.messages, (found) => found.size === 1);
    quotes.doubt();
    quotes.want(4);
    quotes.see(at(3, 6));
    await until(quotes.messages, (found) => found.size === 2);
    expect(quotes.messages.get().get(3)?.rev).to.equal(6);
    stop();
  });
});

describe('quoted messages of a room whose messages are not held', () => {
  let world: World;
  let bob: UserSummary;
  let room: FakeRoom;
  usePlans((scene) => ({ world, bob, room } = scene));

  it('are those of now after an absence', async () => {
    world.server.post(room, bob, 'before');
    world.server.replayLimit = 0;
    const client = await world.online('ada');
    const handle = client.room(room.id);
    handle.quote(1);
    const { quotes } = handle;
    const stop = quotes.subscribe(() => undefined);
    await until(quotes, (found) => found.get(1)?.text === 'before');
    world.server.drop(1006);
    room.edit(1, { text: 'after' });
    await until(quotes, (found) => found.get(1)?.text === 'after');
    stop();
  });
});
