import { expect } from 'chai';
import { RefreshTokens } from '../../../api/services/refresh-tokens.ts';

describe('refresh tokens', () => {
  const SESSION = '0123456789abcdef01234567';
  const tokens = new RefreshTokens('a secret of at least 32 characters');

  it('name their session', () => {
    expect(tokens.sessionOf(tokens.first(SESSION))).to.equal(SESSION);
  });

  it('have one successor, the same on every node, which names the same session', () => {
    const token = tokens.first(SESSION);
    const successor = new RefreshTokens('a secret of at least 32 characters').successor(token);
    expect(successor).to.equal(tokens.successor(token)).and.not.to.equal(token);
    expect(tokens.sessionOf(successor)).to.equal(SESSION);
  });

  it('start differently each time', () => {
    expect(tokens.first(SESSION)).not.to.equal(tokens.first(SESSION));
  });

  it('name nothing under another secret, or with any character changed', () => {
    const token = tokens.first(SESSION);
    expect(new RefreshTokens('another secret of 32 characters.....').sessionOf(token)).to.be.undefined;
    for (const at of [0, 23, 24, 25, 67, 68, 70]) {
      const changed = token.slice(0, at) + (token[at] === '1' ? '2' : '1') + token.slice(at + 1);
      expect(tokens.sessionOf(changed), `at ${at}`).to.be.undefined;
    }
    expect(tokens.sessionOf('')).to.be.undefined;
  });
});
