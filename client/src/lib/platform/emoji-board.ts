// Its data comes from this server too, and is fetched when the picker first opens.
import source from 'emoji-picker-element-data/en/emojibase/data.json?url';
import { Picker } from 'emoji-picker-element';

/** All emojis with their search, as an element; `onpick` hears which was taken. Large, so loaded when it is wanted. */
export function emojiBoard(scheme: 'light' | 'dark', onpick: (emoji: string) => void): HTMLElement {
  const picker = new Picker({ dataSource: source, locale: 'en' });
  picker.classList.add(scheme);
  picker.addEventListener('emoji-click', ({ detail }) => {
    if (detail.unicode !== undefined) onpick(detail.unicode);
  });
  return picker;
}
