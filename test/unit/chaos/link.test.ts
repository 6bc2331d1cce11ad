import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { Link } from '../../chaos/link.ts';

describe('a chaos link', () => {
  let echo: Server;
  let link: Link;
  let sockets: Socket[];

  beforeEach(async () => {
    sockets = [];
    echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    link = await Link.open();
    link.leadTo('127.0.0.1', (echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await link.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  const join = async (): Promise<Socket> => {
    const socket = connect(link.port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    return socket;
  };
  const echoed = async (socket: Socket, text: string): Promise<string> => {
    const answer = once(socket, 'data') as Promise<[Buffer]>;
    socket.write(text);
    return String((await answer)[0]);
  };

  it('carries bytes both ways', async () => {
    expect(await echoed(await join(), 'hello')).to.equal('hello');
  });
  it('breaks what there is and refuses what comes while it is cut', async () => {
    const before = await join();
    expect(await echoed(before, 'a')).to.equal('a');
    const ended = once(before, 'close');
    link.set({ name: 'cut' });
    await ended;
    const during = connect(link.port, '127.0.0.1').on('error', () => undefined);
    await once(during, 'close');
    link.set({ name: 'well' });
    expect(await echoed(await join(), 'b')).to.equal('b');
  });
  it('holds everything back while it stalls, and loses none of it', async () => {
    const socket = await join();
    expect(await echoed(socket, 'a')).to.equal('a');
    link.set({ name: 'stalled' });
    let heard = '';
    socket.on('data', (data) => (heard += String(data)));
    socket.write('b');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).to.equal('');
    const arrived = once(socket, 'data');
    link.set({ name: 'well' });
    await arrived;
    expect(heard).to.equal('b');
  });
  it('keeps the order when it is slow and becomes fast again', async () => {
    const socket = await join();
    expect(await echoed(socket, 'a')).to.equal('a');
    link.set({ name: 'slow', delay: 50 });
    let heard = '';
    const all = new Promise<void>((resolve) => {
      socket.on('data', (data) => {
        heard += String(data);
        if (heard.length === 2) resolve();
      });
    });
    socket.write('b');
    await new Promise((resolve) => setTimeout(resolve, 10));
    link.set({ name: 'well' });
    socket.write('c');
    await all;
    expect(heard).to.equal('bc');
  });
  it('breaks every other connection when they are dropped', async () => {
    const [first, second] = [await join(), await join()];
    expect(await echoed(first, 'a')).to.equal('a');
    expect(await echoed(second, 'b')).to.equal('b');
    const ended = once(first, 'close');
    link.drop(2);
    await ended;
    expect(await echoed(second, 'c')).to.equal('c');
  });
});
