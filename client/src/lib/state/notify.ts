import { codeOf, problemText } from '../chat/problems.ts';

/** Short notes at the screen's edge. The library is loaded with the first one. */
export interface Notify {
  success(text: string): void;
  /** Says what cannot be done, and why. */
  problem(text: string): void;
  /** Says what went wrong in words. */
  failure(error: unknown): void;
  /** The same of what nobody asked for; that the server cannot be reached, the connection bar says already, or in a moment. */
  unasked(error: unknown): void;
}

/** `mount` puts the toaster on the page, once, before the first note. */
export function createNotify(mount: () => Promise<void>): Notify {
  const show = async (kind: 'success' | 'error', text: string): Promise<void> => {
    const [{ toast }] = await Promise.all([import('svelte-sonner'), mount()]);
    toast[kind](text);
  };
  const run = (kind: 'success' | 'error', text: string): void => {
    // Without the library there is no note; what it would have told of has happened all the same.
    show(kind, text).catch((error: unknown) => {
      reportError(error);
    });
  };
  return {
    success: (text) => {
      run('success', text);
    },
    problem: (text) => {
      run('error', text);
    },
    failure: (error) => {
      run('error', problemText(error));
    },
    unasked: (error) => {
      if (codeOf(error) !== 'unavailable') run('error', problemText(error));
    },
  };
}
