/** What a template may hold: texts and numbers, lists of them, and undefined for what is left out. */
export type Values = Readonly<Record<string, string | number | readonly string[] | boolean | undefined>>;

/**
 * Fills a template in: `{{name}}` is the value; the lines from `{{#name}}` to `{{/name}}` stand once for each item of a
 * list (which `{{name}}` then is), once for a value that is there, and not at all for undefined, false or an empty
 * list. Throws when the template names what `values` lacks, or a value could break out of a directive.
 */
export function renderTemplate(template: string, values: Values): string {
  const blocks = template.replace(
    /^[ \t]*\{\{#(\w+)\}\}\n([\s\S]*?)^[ \t]*\{\{\/\1\}\}\n/gm,
    (_all, name: string, body: string) =>
      items(lookUp(values, name))
        .map((item) => renderTemplate(body, { ...values, [name]: item }))
        .join(''),
  );
  return blocks.replace(/\{\{(\w+)\}\}/g, (_all, name: string) => text(name, lookUp(values, name)));
}

function lookUp(values: Values, name: string): Values[string] {
  if (!Object.hasOwn(values, name)) throw new Error(`the template names {{${name}}}, which has no value`);
  return values[name];
}

function items(value: Values[string]): readonly (string | number | boolean)[] {
  if (value === undefined || value === false) return [];
  return Array.isArray(value) ? (value as readonly string[]) : [value as string | number | boolean];
}

function text(name: string, value: Values[string]): string {
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`{{${name}}} is not a text`);
  const result = String(value);
  if (/[\n\r;{}"$\\]/.test(result)) throw new Error(`{{${name}}} holds a character that NGINX would misread`);
  return result;
}
