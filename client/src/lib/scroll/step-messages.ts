/** ↑ and ↓ on a message go to the one before and behind it. Give it a list's key presses. */
export function stepMessages(event: KeyboardEvent): void {
  const { key, target, currentTarget } = event;
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (!(target instanceof HTMLElement) || target.tagName !== 'ARTICLE') return;
  if (!(currentTarget instanceof HTMLElement)) return;
  const articles = [...currentTarget.querySelectorAll('article')];
  const next = articles[articles.indexOf(target) + (key === 'ArrowUp' ? -1 : 1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
