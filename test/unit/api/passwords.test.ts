import { expect } from 'chai';
import type { PasswordTask } from '../../../api/services/password-worker.ts';
import { Passwords, type HashingPool } from '../../../api/services/passwords.ts';

describe('passwords', () => {
  const passwords = new Passwords({ cost: 4 });
  after(() => passwords.close());

  it('match their own hash and no other', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).to.match(/^\$2[aby]\$04\$/);
    expect(await passwords.matches('correct horse', hash)).to.be.true;
    expect(await passwords.matches('wrong horse', hash)).to.be.false;
  });

  it('never match where there is no hash, not even the one compared with instead', async () => {
    for (const hash of [undefined, ''])
      expect(await passwords.matches('nobody has this password', hash)).to.be.false;
  });

  it('cost one comparison at the same cost, whether or not there is a hash', async () => {
    const tasks: PasswordTask[] = [];
    const pool: HashingPool = {
      queueSize: 0,
      run: async (task: PasswordTask) => {
        tasks.push(task);
        return task.op === 'hash' ? `$2b$12$${'x'.repeat(53)}` : false;
      },
      destroy: async () => undefined,
    };
    const counted = new Passwords({ cost: 12, pool });
    await counted.warmUp();
    tasks.length = 0;
    await counted.matches('guess', `$2b$12$${'y'.repeat(53)}`);
    await counted.matches('guess', undefined);
    expect(tasks.map(({ op }) => op)).to.deep.equal(['compare', 'compare']);
    for (const task of tasks)
      expect(task)
        .to.have.property('hash')
        .that.matches(/^\$2b\$12\$.{53}$/);
  });

  it('are refused when too many wait', async () => {
    const slow = new Passwords({ cost: 4 });
    const results = await Promise.allSettled(Array.from({ length: 150 }, () => slow.hash('x')));
    await slow.close();
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).to.have.length.within(1, 50);
    for (const { reason } of refused) expect(reason).to.include({ code: 'overloaded', retryAfterMs: 2_000 });
  });
});
