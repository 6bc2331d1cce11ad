/** Colours for code: highlight.js with the languages people paste; with them a chunk of its own. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import go from 'highlight.js/lib/languages/go';
import ini from 'highlight.js/lib/languages/ini';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { sanitize } from './sanitize.ts';

const LANGUAGES = {
  ...{ bash, c, cpp, csharp, css, diff, dockerfile, go, ini, java, javascript, json, kotlin, markdown, php },
  ...{ python, ruby, rust, sql, swift, typescript, xml, yaml },
};
/** Longer code stays plain: colouring it would be felt. */
const MAX_LENGTH = 20_000;

for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

export interface Colours {
  /** Undefined: as plain text. */
  readonly nodes: DocumentFragment | undefined;
  /** What the language is called: "TypeScript" for `ts`. */
  readonly name: string;
}
export type Highlight = (code: string, language: string) => Colours;

/** Colours for `code`; none for languages that are not here, and for very long code. */
export const highlight: Highlight = (code, language) => {
  const known = hljs.getLanguage(language);
  const name = known?.name?.split(',')[0] ?? language;
  if (known === undefined || code.length > MAX_LENGTH) return { nodes: undefined, name };
  return { nodes: sanitize(hljs.highlight(code, { language, ignoreIllegals: true }).value), name };
};
