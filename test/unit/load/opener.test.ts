import { expect } from 'chai';
import type { Member } from '../../../load/worker/member.ts';
import { Opener } from '../../../load/worker/opener.ts';

describe('Opener', () => {
  it('opens every socket, also when all are overdue at once', async () => {
    const opener = new Opener();
    let opened = 0;
    await new Promise<void>((resolve) => {
      const open = async (): Promise<void> => {
        if (++opened === 5) resolve();
      };
      // At this rate the whole crowd is due in one turn.
      opener.open(
        Array.from({ length: 5 }, () => ({ open }) as Member),
        1e9,
      );
    });
    opener.stop();
    expect(opened).to.equal(5);
  });
});
