import { expect } from 'chai';
import { connectionNotice, isCutOff } from '../../../client/src/lib/chat/connection.ts';
import { createDates } from '../../../client/src/lib/chat/dates.ts';
import { deviceName } from '../../../client/src/lib/chat/device.ts';
import { badge, hueOf, initials, typingLine } from '../../../client/src/lib/chat/names.ts';
import { passwordProblem, passwordStrength, usernameProblem } from '../../../client/src/lib/chat/password.ts';
import { formProblem } from '../../../client/src/lib/chat/problems.ts';
import { tokenOf } from '../../../client/src/lib/chat/reset-link.ts';
import { keysOf, shortcutOf, SHORTCUTS } from '../../../client/src/lib/chat/shortcuts.ts';
import { ApiError } from '../../../shared/sdk/errors.ts';

describe('dates', () => {
  const dates = createDates('en-GB', 'Europe/Berlin');
  const now = Date.parse('2026-11-21T12:00:00Z');
  const ago = (hours: number): number => now - hours * 3_600_000;

  it('name days as people do', () => {
    expect(dates.day(ago(1), now)).to.equal('Today');
    expect(dates.day(ago(14), now)).to.equal('Yesterday');
    expect(dates.day(ago(24 * 4), now)).to.equal('Tuesday');
    expect(dates.day(ago(24 * 30), now)).to.equal('22 October');
    expect(dates.day(ago(24 * 400), now)).to.equal('17 October 2025');
  });
  it('are brief where they are to come', () => {
    expect(dates.brief(Date.parse('2026-11-22T08:00:00Z'))).to.equal('Sun 22 Nov, 9:00');
  });
  it('are short in lists', () => {
    expect(dates.short(ago(0.001), now)).to.equal('now');
    expect(dates.short(ago(0.5), now)).to.equal('30 min');
    expect(dates.short(ago(3), now)).to.equal('10:00');
    expect(dates.short(ago(48), now)).to.equal('Thu');
  });
  it('never say that a clock ahead of ours lies in the future', () => {
    expect(dates.short(now + 5_000, now)).to.equal('now');
  });
  it('change the day at local midnight', () => {
    expect(dates.dayKey(Date.parse('2026-11-20T23:00:00Z'))).to.equal(dates.dayKey(now));
    expect(dates.dayKey(Date.parse('2026-11-20T22:59:00Z'))).to.equal(dates.dayKey(now) - 1);
  });
  it('leave AM and PM out of the margin', () => {
    expect(createDates('en-US', 'UTC').bareTime(now)).to.equal('12:00');
  });
});

describe('names', () => {
  it('shorten to one or two letters of any script', () => {
    expect(initials('Mira Okafor')).to.equal('MO');
    expect(initials('sana.k')).to.equal('SK');
    expect(initials('李小龙')).to.equal('李');
    expect(initials('  ')).to.equal('?');
  });
  it('keep one hue per id', () => {
    expect(hueOf('abc')).to.equal(hueOf('abc'));
    expect(hueOf('abc')).to.be.within(0, 359);
  });
  it('stop counting at 99', () => {
    expect([badge(1), badge(99), badge(100)]).to.deep.equal(['1', '99', '99+']);
  });
  it('say who types', () => {
    const user = (displayName: string) => ({ id: displayName, username: 'u', displayName });
    expect(typingLine([])).to.equal('');
    expect(typingLine([user('Ada L')])).to.equal('Ada is typing…');
    expect(typingLine([user('Ada'), user('Bob')])).to.equal('Ada and Bob are typing…');
    expect(typingLine([user('A'), user('B'), user('C')])).to.equal('Several people are typing…');
  });
  it('are silent about who is blocked', () => {
    const user = (displayName: string) => ({ id: displayName, username: 'u', displayName });
    const blocked = new Set(['Bob']);
    expect(typingLine([user('Bob')], blocked)).to.equal('');
    expect(typingLine([user('Ada'), user('Bob')], blocked)).to.equal('Ada is typing…');
  });
});

describe('rules of accounts', () => {
  it('count a password in bytes where the server does', () => {
    expect(passwordProblem('short')).to.be.a('string');
    expect(passwordProblem('long enough')).to.equal(undefined);
    expect(passwordProblem('é'.repeat(37))).to.be.a('string');
  });
  it('refuse usernames the server refuses', () => {
    expect(usernameProblem('ab')).to.be.a('string');
    expect(usernameProblem('a b c')).to.be.a('string');
    expect(usernameProblem('sana.k-1_')).to.equal(undefined);
  });
  it('rate longer passwords higher', () => {
    expect(passwordStrength('')).to.equal(0);
    expect(passwordStrength('abc')).to.equal(1);
    expect(passwordStrength('harbour light tea')).to.be.greaterThan(passwordStrength('abcdefgh'));
  });
});

describe('problems', () => {
  it('tell a form what was wrong with which field', () => {
    const problem = formProblem(
      new ApiError('invalid', 'invalid body', { fields: { username: 'is taken' } }),
    );
    expect(problem).to.deep.equal({
      text: 'Invalid body.',
      fields: { username: 'This is taken.' },
      inFields: true,
    });
  });
  it('put what the server says of a field into a sentence', () => {
    const said = {
      displayName: 'displayName is not allowed to be empty',
      newPassword: 'newPassword length must be at least 8 characters long',
      name: 'name length must be less than or equal to 64 characters long',
      topic: 'topic must not contain NUL',
      email: 'email must be a valid email',
    };
    expect(formProblem(new ApiError('invalid', 'x', { fields: said })).fields).to.deep.equal({
      displayName: 'This is needed.',
      newPassword: 'Use at least 8 characters.',
      name: 'Use at most 64 characters.',
      topic: 'This must not contain NUL.',
      email: 'This is not an e-mail address.',
    });
  });
  it('have words for anything thrown', () => {
    expect(formProblem(undefined).text).to.equal('Something went wrong. Try again.');
    expect(formProblem(new ApiError('unavailable', 'x')).text).to.match(/cannot be reached/u);
  });
});

describe('the connection bar', () => {
  it('know when the server cannot be asked', () => {
    expect(isCutOff({ name: 'online' })).to.equal(false);
    expect(isCutOff({ name: 'connecting', attempt: 1 })).to.equal(false);
    expect(isCutOff({ name: 'connecting', attempt: 2 })).to.equal(true);
    expect(isCutOff({ name: 'waiting', attempt: 2, at: 0 })).to.equal(true);
    expect(isCutOff({ name: 'online' }, { restoring: true })).to.equal(true);
  });

  it('is silent when all is well', () => {
    expect(connectionNotice({ name: 'online' }, 0)).to.equal(undefined);
  });
  it('believes the browser that there is no network', () => {
    expect(connectionNotice({ name: 'online' }, 0, { network: false })).to.have.property('tone', 'warning');
  });
  it('says that a stored session waits for the server, unless there is no network at all', () => {
    const state = { name: 'offline' } as const;
    expect(connectionNotice(state, 0, { restoring: true })?.text).to.match(/^Connecting/u);
    expect(connectionNotice(state, 0, { restoring: true, network: false })?.text).to.match(/offline/u);
  });
  it('counts down to the next attempt', () => {
    const notice = connectionNotice({ name: 'waiting', attempt: 2, at: 5_000 }, 1_000);
    expect(notice).to.deep.include({ text: 'Connection lost. Trying again in 4 s.', action: 'retry' });
  });
  it('says why it stopped and offers to sign in', () => {
    const notice = connectionNotice({ name: 'stopped', reason: 'session ended' }, 0);
    expect(notice).to.deep.include({ text: 'Disconnected: session ended', action: 'sign-in' });
  });
});

describe('deviceName', () => {
  it('puts a user agent into words', () => {
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0')).to.equal(
      'Firefox on Linux',
    );
    expect(deviceName('parley-load/1')).to.equal('parley-load/1');
    expect(deviceName('')).to.equal('Unknown device');
  });
});

describe('shortcuts', () => {
  const press = (key: string, more = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    target: { tagName: 'BODY' },
    ...more,
  });
  it('open the palette with Ctrl or ⌘ and K, even while typing', () => {
    const target = { tagName: 'TEXTAREA' };
    expect(shortcutOf(press('k', { ctrlKey: true, target }))).to.deep.equal({ name: 'palette' });
    expect(shortcutOf(press('K', { metaKey: true }))).to.deep.equal({ name: 'palette' });
  });
  it('leave a question mark to the text it is typed into', () => {
    expect(shortcutOf(press('?', { target: { tagName: 'TEXTAREA' } }))).to.equal(undefined);
    expect(shortcutOf(press('?', { shiftKey: true }))).to.deep.equal({ name: 'shortcuts' });
  });
  it('are shown as they are listed', () => {
    expect(keysOf('palette')).to.deep.equal(['Ctrl', 'K']);
    for (const name of ['palette', 'search', 'shortcuts'] as const) {
      const [first = '', key = first] = keysOf(name);
      const press = { key: key.toLowerCase(), ctrlKey: first === 'Ctrl' };
      const none = { metaKey: false, altKey: false, shiftKey: false, target: null };
      expect(shortcutOf({ ...press, ...none })?.name).to.equal(name);
    }
    expect(SHORTCUTS.flatMap(({ keys }) => keys).filter(({ name }) => name !== undefined)).to.have.length(3);
  });
  it('move between rooms with Alt, unread ones with Shift', () => {
    expect(shortcutOf(press('ArrowDown', { altKey: true }))).to.deep.equal({
      name: 'move',
      step: 1,
      unread: false,
    });
    expect(shortcutOf(press('ArrowUp', { altKey: true, shiftKey: true }))).to.deep.equal({
      name: 'move',
      step: -1,
      unread: true,
    });
  });
});

describe('a password-reset link', () => {
  it('carries its token in the fragment', () => {
    expect(tokenOf('#token=a.1.b-c_d')).to.equal('a.1.b-c_d');
    expect(tokenOf('#token=')).to.equal(undefined);
    expect(tokenOf('#other=1')).to.equal(undefined);
    expect(tokenOf('')).to.equal(undefined);
  });
});
