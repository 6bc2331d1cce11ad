import type { Attachment } from 'svelte/attachments';

/** Whether a text field within an element has the cursor, on a device without a mouse: then there are no keys for formatting. */
export class TouchWriting {
  #isOn = $state(false);

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
        // What has the focus may be going out of the page while it is drawn, when no state may change.
        queueMicrotask(() => {
          if (!element.contains(document.activeElement)) this.#isOn = false;
        });
      },
      { signal },
    );
    return () => {
      stop.abort();
    };
  };
}
