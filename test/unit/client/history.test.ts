import { expect } from 'chai';
import fc from 'fast-check';
import { PageHistory, type HistoryLike } from '../../../client/src/lib/platform/history.ts';

/** A browser's history, whose steps are taken when the test says so. */
class FakeHistory implements HistoryLike {
  entries: { readonly state: unknown; readonly path: string }[] = [{ state: null, path: '/' }];
  at = 0;
  onpop: () => void = () => undefined;
  readonly #steps: number[] = [];

  get state(): unknown {
    return this.entries[this.at]?.state;
  }
  get path(): string {
    return this.entries[this.at]!.path;
  }
  get paths(): string[] {
    return this.entries.slice(0, this.at + 1).map(({ path }) => path);
  }
  pushState(state: unknown, _unused: string, path = this.path): void {
    this.entries = [...this.entries.slice(0, this.at + 1), { state, path }];
    this.at += 1;
  }
  replaceState(state: unknown, _unused: string, path = this.path): void {
    this.entries[this.at] = { state, path };
  }
  go(delta: number): void {
    this.#steps.push(delta);
  }
  settle(): void {
    for (let step = this.#steps.shift(); step !== undefined; step = this.#steps.shift()) {
      const to = this.at + step;
      if (to < 0 || to >= this.entries.length) continue;
      this.at = to;
      this.onpop();
    }
  }
}

const start = (): { history: FakeHistory; pages: PageHistory; go: (path: string) => void } => {
  const history = new FakeHistory();
  const pages = new PageHistory(history);
  history.onpop = () => {
    pages.popped();
  };
  const go = (path: string): void => {
    pages.go(path, false, () => undefined);
  };
  return { history, pages, go };
};

describe('the pages in the browser’s history', () => {
  it('keep what comes over them while the place of what went is still being taken away', () => {
    const { history, pages, go } = start();
    go('/r/a');
    let closed = 0;
    pages.cover(() => undefined);
    pages.uncover();
    pages.cover(() => (closed += 1));
    history.settle();
    expect(closed).to.equal(0);
    history.go(-1);
    history.settle();
    expect(closed, 'a step back takes it away').to.equal(1);
    expect(history.paths).to.deep.equal(['/', '/r/a']);
  });

  it('lose what lies over them at a step back, and stay themselves', () => {
    const { history, pages, go } = start();
    go('/r/a');
    let closed = 0;
    pages.cover(() => (closed += 1));
    history.go(-1);
    history.settle();
    expect(closed).to.equal(1);
    expect(history.paths).to.deep.equal(['/', '/r/a']);
    pages.uncover();
    history.settle();
    expect(history.paths).to.deep.equal(['/', '/r/a']);
  });

  it('keep no place of what was closed otherwise', () => {
    const { history, pages, go } = start();
    go('/r/a');
    for (let i = 0; i < 3; i += 1) {
      pages.cover(() => expect.fail('nobody stepped back'));
      pages.uncover();
      history.settle();
    }
    expect(history.paths).to.deep.equal(['/', '/r/a']);
  });

  it('follow one another from inside of what lies over them, also when it is closed just before or after', () => {
    for (const order of ['before', 'after', 'a moment before'] as const) {
      const { history, pages, go } = start();
      go('/r/a');
      pages.cover(() => expect.fail('nobody stepped back'));
      if (order === 'after') go('/r/b');
      pages.uncover();
      if (order === 'a moment before') history.settle();
      if (order !== 'after') go('/r/b');
      history.settle();
      expect(history.paths, order).to.deep.equal(['/', '/r/a', '/r/b']);
      pages.back(() => expect.fail('there is one'));
      history.settle();
      expect(history.path, order).to.equal('/r/a');
    }
  });

  it('go back past what lies over them, and elsewhere where nothing was before', () => {
    const { history, pages, go } = start();
    let isElse = false;
    pages.back(() => (isElse = true));
    expect(isElse).to.equal(true);
    go('/r/a');
    pages.cover(() => undefined);
    pages.back(() => expect.fail('there is one'));
    history.settle();
    expect(history.paths).to.deep.equal(['/']);
  });

  it('are the only entries once nothing lies over them, whatever happened in which order', () => {
    const act = fc.constantFrom('cover', 'uncover', 'go', 'back', 'settle');
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        const { history, pages, go } = start();
        let isOpen = false;
        let page = 0;
        for (const name of acts) {
          if (name === 'go') go(`/r/${String((page += 1))}`);
          else if (name === 'settle') history.settle();
          else if (name === 'back') history.go(-1);
          else if (name === 'uncover') {
            isOpen = false;
            pages.uncover();
          } else {
            isOpen = true;
            pages.cover(() => (isOpen = false));
          }
        }
        history.settle();
        if (isOpen) pages.uncover();
        history.settle();
        const { paths } = history;
        expect(new Set(paths).size, paths.join()).to.equal(paths.length);
      }),
    );
  });
});
