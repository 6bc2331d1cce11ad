/** Draws messages with markup; with its libraries a chunk of its own. */
import { blocksOf } from './blocks.ts';
import { createMarkdown } from './parser.ts';
import { sanitize } from './sanitize.ts';

/** Nodes to clone into the page, or code for a component of its own. */
export type Rendered =
  | { readonly kind: 'nodes'; readonly nodes: DocumentFragment }
  | { readonly kind: 'code'; readonly language: string; readonly code: string };

export type Render = (text: string) => readonly Rendered[];

export function createRender(): Render {
  const md = createMarkdown();
  return (text) =>
    blocksOf(md, text).map((block) =>
      block.kind === 'code' ? block : { kind: 'nodes', nodes: sanitize(block.html) },
    );
}
