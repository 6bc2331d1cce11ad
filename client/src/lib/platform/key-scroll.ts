/**
 * What is longer than its box and has nothing in it that takes the keyboard takes it itself, to be scrolled by keys. An attachment
 * for the box.
 */
export function keyScroll(box: HTMLElement): () => void {
  const observer = new ResizeObserver(() => {
    if (box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    else box.removeAttribute('tabindex');
  });
  observer.observe(box);
  return () => {
    observer.disconnect();
  };
}
