import { expect } from 'chai';
import { ApiError } from '../../../shared/sdk/errors.ts';
import { Writing } from '../../../shared/sdk/writing.ts';
import type { Draft, Scheduled } from '../../../shared/wire/rest.ts';
import { eventually } from './world.ts';

const draft = (room: string, text: string, v: number): Draft => ({
  ...{ room, text, v },
  at: '2026-03-01T08:00:00.000Z',
});

/** Over an API whose list of drafts is answered by hand. */
function setup() {
  const answers: ((drafts: readonly Draft[]) => void)[] = [];
  const unused = async (): Promise<never> => Promise.reject(new Error('not asked for'));
  const writing = new Writing(
    {
      drafts: () => new Promise((resolve) => answers.push(resolve)),
      setDraft: async (room, { text }) => Promise.resolve(draft(room, text, 5)),
      scheduled: async () => Promise.resolve([]),
      ...{ schedule: unused, changeScheduled: unused, cancelScheduled: unused },
    },
    () => undefined,
  );
  const answer = async (drafts: readonly Draft[]): Promise<void> => {
    answers.shift()?.(drafts);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const texts = (): object =>
    Object.fromEntries([...writing.drafts.get()].map(([room, { text, v }]) => [room, [text, v]]));
  return { writing, answer, texts };
}

describe('what was written and not sent, in the engine', () => {
  it('is read when the socket is ready; what is not in the list has ended', async () => {
    const { writing, answer, texts } = setup();
    writing.onDraft(draft('a', 'old', 1));
    writing.onReady();
    await answer([draft('b', 'there', 2)]);
    expect(texts()).to.deep.equal({ a: ['', 1], b: ['there', 2] });
  });

  it('is read again where that failed, until it is there, unless somebody signs out', async () => {
    let fails = 2;
    const asked: string[] = [];
    const read = <T>(what: string, list: readonly T[]) => {
      asked.push(what);
      return fails-- > 0 ? Promise.reject(new ApiError('unavailable', 'no network')) : Promise.resolve(list);
    };
    const unused = () => Promise.reject(new Error('not asked for'));
    const writing = new Writing(
      {
        drafts: () => read('drafts', [draft('a', 'there', 1)]),
        scheduled: () => read<Scheduled>('scheduled', []),
        ...{ setDraft: unused, schedule: unused, changeScheduled: unused, cancelScheduled: unused },
      },
      () => undefined,
      1,
    );
    writing.onReady();
    await eventually(() => writing.draftsRead.get() && asked.length === 4);
    expect(writing.drafts.get().get('a')?.text).to.equal('there');
    fails = Infinity;
    writing.onReady();
    await eventually(() => asked.length > 6);
    writing.clear();
    const until = asked.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked).to.have.length(until);
  });

  it('keeps what came while the list was read and is newer', async () => {
    const { writing, answer, texts } = setup();
    writing.onReady();
    writing.onDraft(draft('a', 'live', 4));
    writing.onDraft(draft('b', 'live', 2));
    await answer([draft('a', 'read', 3), draft('b', 'read', 3)]);
    expect(texts()).to.deep.equal({ a: ['live', 4], b: ['read', 3] });
  });

  it('takes no older version, in whatever order frames come', () => {
    const { writing, texts } = setup();
    writing.onDraft(draft('a', 'new', 3));
    writing.onDraft(draft('a', 'old', 2));
    expect(texts()).to.deep.equal({ a: ['new', 3] });
  });

  it('knows its own draft as soon as it is kept', async () => {
    const { writing, texts } = setup();
    await writing.setDraft('a', { text: 'mine' });
    expect(texts()).to.deep.equal({ a: ['mine', 5] });
  });

  it('keeps those of a room and of its threads apart', async () => {
    const { writing, answer, texts } = setup();
    writing.onDraft({ ...draft('a', 'in the thread', 9), thread: 7 });
    writing.onDraft(draft('a', 'in the room', 2));
    expect(texts()).to.deep.equal({ 'a:7': ['in the thread', 9], a: ['in the room', 2] });
    writing.onReady();
    await answer([{ ...draft('a', 'in another', 3), thread: 8 }]);
    expect(texts()).to.deep.equal({ 'a:7': ['', 9], a: ['', 2], 'a:8': ['in another', 3] });
  });

  it('says when the server’s list is among them, until somebody else signs in', async () => {
    const { writing, answer } = setup();
    const whole: boolean[] = [];
    writing.drafts.subscribe(() => whole.push(writing.draftsRead.get()));
    writing.onDraft(draft('a', 'live', 1));
    writing.onReady();
    await answer([draft('b', 'read', 1)]);
    writing.clear();
    expect(whole).to.deep.equal([false, true, false]);
  });

  it('takes nothing of one person over to the next', async () => {
    const { writing, answer, texts } = setup();
    writing.onReady();
    writing.clear();
    await answer([draft('a', 'not yours', 1)]);
    expect(texts()).to.deep.equal({});
  });
});
