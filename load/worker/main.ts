/** One worker of the load tester: started by `npm run load`, told what to do by its main process. */
import type { News, Order } from '../messages.ts';
import { Squad } from './squad.ts';

const TICK = 1_000;

const tell = (news: News): void => void process.send?.(news);
// Ctrl-C reaches every process of the terminal; the main one decides what becomes of it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));

let squad: Squad | undefined;
process.on('message', (order: Order) => {
  if (order.type === 'assign') {
    const hired = new Squad(order.assignment, tell);
    squad = hired;
    setInterval(() => tell(hired.tick()), TICK);
    return tell({ type: 'hired' });
  }
  if (squad !== undefined) void obey(squad, order);
});

/** Behind a tick, so that what was counted before the answer is known with it. */
function answer(squad: Squad, news: News): void {
  tell(squad.tick());
  tell(news);
}

async function obey(squad: Squad, order: Exclude<Order, { type: 'assign' }>): Promise<void> {
  switch (order.type) {
    case 'tokens':
      return squad.renew(order.tokens);
    case 'open':
      return squad.open(order.perSecond);
    case 'send':
      return squad.send(order.rate, order.from);
    case 'cut':
      return squad.cut(order.share);
    case 'settle':
      return answer(squad, await squad.settle(order.patience));
    case 'judge':
      return answer(squad, await squad.judge(order.acked, order.patience));
    case 'stop':
      squad.stop();
      process.exit(0);
  }
}
