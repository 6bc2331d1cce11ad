import { expect } from 'chai';
import { Auth } from '../../../api/services/auth.ts';
import { ParleyError } from '../../../shared/node/errors.ts';

type Deps = ConstructorParameters<typeof Auth>[0];

describe('a login that fails', () => {
  /** What was asked of bcrypt, and what was answered. */
  async function fail(user: { passwordHash: string } | undefined) {
    const compared: (string | undefined)[] = [];
    const auth = new Auth({
      users: { byUsername: async () => user, byEmail: async () => user },
      passwords: {
        matches: async (_password: string, hash: string | undefined) => {
          compared.push(hash);
          return false;
        },
      },
    } as unknown as Deps);
    const device = { userAgent: '', ip: '' };
    const error: unknown = await auth
      .login({ username: 'ann', password: 'wrong horse' }, device)
      .catch((reason: unknown) => reason);
    if (!(error instanceof ParleyError)) throw new Error('it did not fail');
    return { compared, code: error.code, message: error.message };
  }

  it('costs one comparison, whether or not there is such a user', async () => {
    expect((await fail({ passwordHash: 'a hash' })).compared).to.have.length(1);
    expect((await fail(undefined)).compared).to.have.length(1);
  });

  it('says the same, whether or not there is such a user', async () => {
    const [known, unknown] = [await fail({ passwordHash: 'a hash' }), await fail(undefined)];
    expect({ ...known, compared: 0 }).to.deep.equal({ ...unknown, compared: 0 });
  });
});
