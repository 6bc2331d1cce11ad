import { expect } from 'chai';
import { durationOf, fittingCommands, namesIn, parseTyped } from '../../../client/src/lib/chat/commands.ts';
import { plainEmoji, splitLeadingEmoji } from '../../../client/src/lib/chat/emoji.ts';
import {
  closedEmoji,
  emojiNamed,
  emojiQuery,
  fittingEmojis,
  parseEmojiNames,
} from '../../../client/src/lib/chat/emoji-names.ts';
import { newsLine } from '../../../client/src/lib/chat/news.ts';
import { queryAt } from '../../../client/src/lib/chat/offers.ts';
import { quickEmojis, QUICK_EMOJIS, withRecent } from '../../../client/src/lib/chat/reactions.ts';
import { isStepBack } from '../../../client/src/lib/chat/shortcuts.ts';
import { applied, completion } from '../../../client/src/lib/chat/text-edit.ts';
import type { TimelineItem } from '../../../shared/sdk/types.ts';

describe('what is typed into a message', () => {
  it('is completed in its place, with one space behind it', () => {
    const edit = completion('Hi @a!', 3, 5, '@ann');
    expect(applied('Hi @a!', edit)).to.equal('Hi @ann !');
    expect(edit.select).to.deep.equal([8, 8]);
    const before = completion('@a there', 0, 2, '@ann');
    expect(applied('@a there', before)).to.equal('@ann there');
    expect(before.select, 'behind the space that is there').to.deep.equal([5, 5]);
  });

  it('is a command at the beginning, an emoji behind a colon, a name behind an @', () => {
    const kind = (text: string, hasCommands = true): string | undefined =>
      queryAt(text, text.length, hasCommands)?.kind;
    expect(kind('/')).to.equal('commands');
    expect(kind('/to')).to.equal('commands');
    expect(kind('/', false), 'in an editor').to.equal(undefined);
    expect(kind('/topic x')).to.equal(undefined);
    expect(kind(' /to')).to.equal(undefined);
    expect(kind('so :ta')).to.equal('emojis');
    expect(kind('so @a')).to.equal('people');
    expect(queryAt('/invite @a', 10, true)).to.deep.include({ kind: 'people', ofAnybody: true });
  });
});

describe('commands', () => {
  it('are known, or named as unknown; everything else is a message', () => {
    expect(parseTyped('/topic  Tea at five ')).to.deep.equal({
      kind: 'command',
      name: 'topic',
      rest: 'Tea at five',
    });
    expect(parseTyped('/LEAVE')).to.deep.equal({ kind: 'command', name: 'leave', rest: '' });
    expect(parseTyped('/dance now')).to.deep.equal({ kind: 'unknown', name: 'dance' });
    for (const text of [' /dance', '/usr/bin', '// x', '/', '/2 x', 'a /leave'])
      expect(parseTyped(text), text).to.deep.equal({ kind: 'message', text: text.trim() });
  });

  it('that are words become the message they stand for', () => {
    expect(parseTyped('/shrug who knows')).to.deep.equal({ kind: 'message', text: 'who knows ¯\\_(ツ)_/¯' });
    expect(parseTyped('/shrug')).to.deep.equal({ kind: 'message', text: '¯\\_(ツ)_/¯' });
    expect(parseTyped('/me waves')).to.deep.equal({ kind: 'message', text: '*waves*' });
    expect(parseTyped('/me'), 'nothing to say').to.deep.equal({ kind: 'command', name: 'me', rest: '' });
  });

  it('are offered where they do something', () => {
    const names = (typed: string, isRoom: boolean): string[] =>
      fittingCommands(typed, isRoom).map(({ name }) => name);
    expect(names('m', true)).to.deep.equal(['mute', 'me']);
    expect(names('', false)).to.include('mute').and.not.include('topic');
    expect(names('x', true)).to.deep.equal([]);
  });

  it('read names, times and a leading emoji', () => {
    expect(namesIn('@Ann, @bob and @ann')).to.deep.equal(['ann', 'bob']);
    expect(durationOf('30m')).to.equal(1_800_000);
    expect(durationOf('8 hours')).to.equal(28_800_000);
    expect(durationOf('2d')).to.equal(172_800_000);
    for (const words of ['', '0h', 'h', '5', 'soon', '3 weeks'])
      expect(durationOf(words), words).to.equal(undefined);
    expect(splitLeadingEmoji('🌴 away')).to.deep.equal({ emoji: '🌴', rest: 'away' });
    expect(splitLeadingEmoji('away 🌴')).to.deep.equal({ emoji: '', rest: 'away 🌴' });
  });
});

describe('emojis by name', () => {
  const all = parseEmojiNames([
    { emoji: '🎉', shortcodes: ['party_popper', 'tada'], tags: ['celebration'], version: 0.6 },
    { emoji: '🥳', shortcodes: ['partying_face'], tags: ['celebration', 'party'], version: 11 },
    { emoji: '👍️', shortcodes: ['+1', 'thumbsup'], tags: ['yes'], version: 0.6 },
    { emoji: '🫩', shortcodes: ['face_with_bags'], version: 16 },
    { emoji: 3 },
    null,
  ]);

  it('are looked for behind a colon and two letters, not in times, smileys or addresses', () => {
    expect(emojiQuery('x :ta', 5)).to.deep.equal({ from: 2, text: 'ta' });
    expect(emojiQuery(':+1', 3)).to.deep.equal({ from: 0, text: '+1' });
    for (const text of [':', ':t', ':)', ':-D', 'at 10:30', 'a:bc', 'https://x', '::ta'])
      expect(emojiQuery(text, text.length), text).to.equal(undefined);
    expect(closedEmoji('x :Tada:', 8)).to.deep.equal({ from: 2, text: 'tada' });
    expect(closedEmoji('10:30:', 6)).to.equal(undefined);
  });

  it('take what is needed of the data, without those that many screens cannot draw', () => {
    expect(all.map(({ emoji }) => emoji)).to.deep.equal(['🎉', '🥳', '👍']);
    expect(all[0]?.names, 'the short name first').to.deep.equal(['tada', 'party_popper']);
  });

  it('fit by name first, then by other words; those used lately come first among equals', () => {
    const found = (typed: string, recent: readonly string[] = []): string[] =>
      fittingEmojis(all, typed, recent).map(({ emoji }) => emoji);
    expect(found('tada')).to.deep.equal(['🎉']);
    expect(found('party')).to.deep.equal(['🎉', '🥳']);
    expect(found('party', ['🥳'])).to.deep.equal(['🥳', '🎉']);
    expect(found('popper')).to.deep.equal(['🎉']);
    expect(found('yes')).to.deep.equal(['👍']);
    expect(emojiNamed(all, 'tada')).to.equal('🎉');
    expect(emojiNamed(all, 'tad')).to.equal(undefined);
  });

  it('are the same with and without the mark for colour, where both are emojis', () => {
    expect(plainEmoji('👍\uFE0F')).to.equal('👍');
    expect(plainEmoji('❤️')).to.equal('❤️');
    expect(plainEmoji('🐙')).to.equal('🐙');
  });

  it('at hand are those used last, then the usual ones, each once and always as many', () => {
    expect(quickEmojis([])).to.deep.equal(QUICK_EMOJIS);
    expect(quickEmojis(['🐙', '🎉'])).to.deep.equal(['🐙', '🎉', '👍', '❤️', '😂']);
    expect(quickEmojis(['👍\uFE0F'])).to.have.lengthOf(QUICK_EMOJIS.length);
    let used: readonly string[] = [];
    for (let i = 0; i < 50; i += 1) used = withRecent(used, String.fromCodePoint(0x1f400 + i));
    expect(used).to.have.lengthOf(20);
    expect(used[0]).to.equal(String.fromCodePoint(0x1f400 + 49));
    expect(withRecent(['a', 'b'], 'b')).to.deep.equal(['b', 'a']);
  });
});

describe('what is said aloud of news', () => {
  const item = (seq: number, id: string, text: string): TimelineItem =>
    ({
      key: String(seq),
      pending: false,
      message: { seq, kind: 'text', text, sender: { id, username: id, displayName: `Name ${id}` } },
    }) as unknown as TimelineItem;

  it('is one message in full, and how many of several; nothing of what one wrote or heard already', () => {
    const items = [item(1, 'b', 'old'), item(2, 'me', 'mine'), item(3, 'b', '**hello**')];
    expect(newsLine(items, 1, 'me')).to.equal('Name b: hello');
    expect(newsLine([...items, item(4, 'c', 'and I')], 1, 'me')).to.equal('2 new messages');
    expect(newsLine(items, 3, 'me')).to.equal('');
    expect(newsLine(items, 1, 'me', new Set(['b'])), 'of somebody blocked').to.equal('');
  });
});

describe('the key that leads back from a jump', () => {
  const key = { key: 'ArrowLeft', altKey: true, ctrlKey: false, metaKey: false, shiftKey: false };
  const field = { tagName: 'TEXTAREA' };

  it('is Alt-←, which on a Mac moves by words in a text', () => {
    expect(isStepBack({ ...key, target: field }, false)).to.equal(true);
    expect(isStepBack({ ...key, target: field }, true)).to.equal(false);
    expect(isStepBack({ ...key, target: undefined }, true)).to.equal(true);
    expect(isStepBack({ ...key, shiftKey: true, target: undefined }, false)).to.equal(false);
    expect(isStepBack({ ...key, altKey: false, target: undefined }, false)).to.equal(false);
  });
});
