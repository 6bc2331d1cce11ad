/** Tables as text: what stands in their cells, without the lines between. */

const FENCE = /^ {0,3}(?:`{3}|~{3})/u;
/** The line below a table's head: `|---|:-:|`. It may be cut off. */
const RULE = /^(?=.*\|)(?=.*-)[\s|:-]+$/u;
const PIPE = /(?<!\\)\|/u;
const BETWEEN_CELLS = ' · ';
const BETWEEN_ROWS = ';';

/** `text` with each table in it as lines of words: "Fruit · Price; Apple · 2". What stands between fences is no table. */
export function flatTables(text: string): string {
  if (!text.includes('|')) return text;
  const lines = text.split('\n');
  const flat: string[] = [];
  let isCode = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (FENCE.test(line)) isCode = !isCode;
    const end = isCode ? at : endOfTable(lines, at);
    if (end === at) flat.push(line);
    else flat.push(...rowsOf(lines.slice(at, end)));
    at = Math.max(at, end - 1);
  }
  return flat.join('\n');
}

/** The line behind the table that begins at `at`; `at` where none does. */
function endOfTable(lines: readonly string[], at: number): number {
  const [head = '', rule = ''] = [lines[at], lines[at + 1]];
  if (!PIPE.test(head) || !RULE.test(rule)) return at;
  const isCut = at + 2 >= lines.length;
  if (!isCut && cellsOf(head).length !== cellsOf(rule).length) return at;
  let end = at + 2;
  while (PIPE.test(lines[end] ?? '')) end++;
  return end;
}

function rowsOf([head = '', , ...rows]: readonly string[]): readonly string[] {
  const words = [head, ...rows].map((row) =>
    cellsOf(row)
      .filter((cell) => cell !== '')
      .join(BETWEEN_CELLS),
  );
  const said = words.filter((row) => row !== '');
  return said.map((row, index) => (index < said.length - 1 ? row + BETWEEN_ROWS : row));
}

/** What stands between the pipes; one at either end of the line is for the eye alone. */
function cellsOf(line: string): readonly string[] {
  const cells = line.trim().split(PIPE);
  if (cells[0]?.trim() === '') cells.shift();
  if (cells.at(-1)?.trim() === '') cells.pop();
  return cells.map((cell) => cell.trim().replaceAll('\\|', '|'));
}
