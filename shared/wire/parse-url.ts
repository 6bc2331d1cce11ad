/** `text` as an address; undefined where it is none. `URL.parse` is younger than the browsers and the Node that we serve. */
export function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
