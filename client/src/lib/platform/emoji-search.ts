/** What the emoji picker's own search field lacks; it lives in the picker's shadow. */
const RESULTS = '#search-results';
const RESULT = `${RESULTS} [role=option]`;
/** ms an answer may take: the picker looks a moment after the last key, and the first time reads all its emojis before. */
const PATIENCE = 10_000;

const fieldOf = (picker: HTMLElement): HTMLInputElement | null | undefined =>
  picker.shadowRoot?.querySelector<HTMLInputElement>('input[type=search]');

/** Puts the keyboard into the picker's search field, once that is drawn. */
export function focusSearch(picker: HTMLElement): void {
  fieldOf(picker)?.focus();
}

/** What was typed before the picker was there goes on in its search field; `isEntered`: Enter came behind it. */
export function handOver(picker: HTMLElement, typed: string, isEntered: boolean): void {
  const field = fieldOf(picker);
  field?.focus();
  if (!field || typed === '') return;
  field.value = typed;
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
  if (isEntered) pick(picker, field);
}

/** Enter takes the emoji that was meant, where none was chosen with the arrows; the picker alone wants it twice. */
export function pickByEnter(picker: HTMLElement): void {
  const onkeydown = (event: KeyboardEvent): void => {
    const root = picker.shadowRoot;
    const field = root?.activeElement;
    if (event.key !== 'Enter' || event.isComposing || !(field instanceof HTMLInputElement)) return;
    if (field.value.trim() === '' || field.hasAttribute('aria-activedescendant')) return;
    event.preventDefault();
    event.stopPropagation();
    pick(picker, field);
  };
  picker.addEventListener('keydown', onkeydown, { capture: true });
}

/** Takes the one that is called just that, else the first; waits for them while nothing else is typed. */
function pick(picker: HTMLElement, field: HTMLInputElement, until = performance.now() + PATIENCE): void {
  const { value } = field;
  const name = value.trim().toLowerCase();
  const found = [...(picker.shadowRoot?.querySelectorAll<HTMLElement>(RESULT) ?? [])];
  const meant = found.find(({ title }) => title.split(', ').includes(name)) ?? found[0];
  if (meant !== undefined) return meant.click();
  requestAnimationFrame((now) => {
    if (now < until && picker.isConnected && field.value === value) pick(picker, field, until);
  });
}

/** Tells whether a search found nothing, as often as that changes; gives the stop. */
export function watchNothing(picker: HTMLElement, ontold: (isNothing: boolean) => void): () => void {
  const root = picker.shadowRoot;
  if (root === null) return () => undefined;
  const observer = new MutationObserver(() => {
    ontold(root.querySelector(RESULTS) !== null && root.querySelector(RESULT) === null);
  });
  observer.observe(root, { childList: true, subtree: true, attributeFilter: ['id'] });
  return () => {
    observer.disconnect();
  };
}
