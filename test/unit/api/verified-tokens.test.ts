import { expect } from 'chai';
import { VerifiedTokens } from '../../../api/services/verified-tokens.ts';
import { ACCESS_TOKEN_SECONDS, signAccessToken, tokenKey } from '../../../shared/node/token.ts';

const USER = 'a'.repeat(24);
const SESSION = 'b'.repeat(24);

describe('VerifiedTokens', () => {
  const key = tokenKey('a secret of at least thirty-two bytes');

  it('says the same of a token each time it is shown', () => {
    const tokens = new VerifiedTokens(key);
    const token = signAccessToken(key, USER, SESSION);
    const first = tokens.check(token);
    expect(first).to.include({ user: USER, session: SESSION });
    expect(tokens.check(token)).to.equal(first);
  });

  it('does not remember a token past its end', () => {
    let now = Date.now();
    const tokens = new VerifiedTokens(key, () => now);
    const token = signAccessToken(key, USER, SESSION);
    const first = tokens.check(token);
    now += (ACCESS_TOKEN_SECONDS + 1) * 1_000;
    // The check itself goes by the real clock, to which the token is still good: it was made anew.
    const again = tokens.check(token);
    expect(again).to.deep.equal(first);
    expect(again).not.to.equal(first);
  });

  it('calls a token forged that differs from a good one in its seal only', () => {
    const tokens = new VerifiedTokens(key);
    const token = signAccessToken(key, USER, SESSION);
    tokens.check(token);
    const forged = signAccessToken(tokenKey('another secret of thirty-two bytes!'), USER, SESSION);
    expect(tokens.check(forged)).to.equal('forged');
  });
});
