/** The files of a drop or paste; folders have no bytes and are left out. */
export function filesOf(data: DataTransfer | null): File[] {
  const items = Array.from(data?.items ?? []);
  return items.flatMap((item) => {
    if (item.kind !== 'file' || item.webkitGetAsEntry()?.isDirectory === true) return [];
    return item.getAsFile() ?? [];
  });
}

/** Files dragged over an element: `over` while they hang above it, `ondrop` when they are let go. */
export class FileDrop {
  over = $state(false);
  readonly #ondrop: (files: readonly File[]) => void;

  constructor(ondrop: (files: readonly File[]) => void) {
    this.#ondrop = ondrop;
  }

  /** An attachment. */
  readonly attach = (element: HTMLElement): (() => void) => {
    const stop = new AbortController();
    const { signal } = stop;
    element.addEventListener('dragenter', this.#enter, { signal });
    element.addEventListener('dragover', this.#enter, { signal });
    element.addEventListener('drop', this.#drop, { signal });
    element.addEventListener(
      'dragleave',
      (event) => {
        // Passing over what lies inside leaves nothing.
        if (!(event.relatedTarget instanceof Node && element.contains(event.relatedTarget)))
          this.over = false;
      },
      { signal },
    );
    return () => {
      stop.abort();
      this.over = false;
    };
  };

  readonly #enter = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.over = true;
  };
  readonly #drop = (event: DragEvent): void => {
    if (!this.over) return;
    event.preventDefault();
    this.over = false;
    this.#ondrop(filesOf(event.dataTransfer));
  };
}
