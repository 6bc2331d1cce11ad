import type { Attachment } from 'svelte/attachments';

/** ms behind the loss of the focus: a tap elsewhere takes it first, and what is tapped must not move until the finger is up. */
const LINGER = 300;

/** Whether a text field within an element has the cursor, on a device without a mouse: then there are no keys for formatting. */
export class TouchWriting {
  #isOn = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  get isOn(): boolean {
    return this.#isOn;
  }

  /** For the element. Buttons in it may take the focus: one is writing still. */
  readonly watch: Attachment<HTMLElement> = (element) => {
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener(
      'focusin',
      ({ target }) => {
        if (target instanceof HTMLTextAreaElement) this.#isOn = matchMedia('(pointer: coarse)').matches;
      },
      { signal },
    );
    element.addEventListener(
      'focusout',
      ({ relatedTarget }) => {
        if (relatedTarget instanceof Node && element.contains(relatedTarget)) return;
        // Another field has a row of its own, and no finger put the cursor there.
        const linger = relatedTarget instanceof HTMLTextAreaElement ? 0 : LINGER;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
          if (!element.contains(document.activeElement)) this.#isOn = false;
        }, linger);
      },
      { signal },
    );
    return () => {
      stop.abort();
      clearTimeout(this.#timer);
    };
  };
}
