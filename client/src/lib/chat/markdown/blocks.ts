import type { MarkdownIt, Token } from 'markdown-it';

/** A message in parts: markup that still has to be sanitised, and code, which is drawn by a component of its own. */
export type Block =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'code'; readonly language: string; readonly code: string };

const LANGUAGE = /^[\w+#.-]{1,24}$/u;

/** Cuts `text` at its code blocks; those inside of quotes and lists stay where they are. */
export function blocksOf(md: MarkdownIt, text: string): readonly Block[] {
  const env = {};
  const blocks: Block[] = [];
  let run: Token[] = [];
  const flush = (): void => {
    if (run.length > 0) blocks.push({ kind: 'html', html: md.renderer.render(run, md.options, env) });
    run = [];
  };
  for (const token of md.parse(text, env)) {
    if (token.type !== 'fence' || token.level > 0) {
      run.push(token);
      continue;
    }
    flush();
    const language = token.info.trim().split(/\s/u)[0] ?? '';
    blocks.push({
      kind: 'code',
      language: LANGUAGE.test(language) ? language.toLowerCase() : '',
      code: token.content.replace(/\n$/u, ''),
    });
  }
  flush();
  return blocks;
}
