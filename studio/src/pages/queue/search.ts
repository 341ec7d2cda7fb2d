/** Of which jobs a list is; what is not said does not matter. */
export interface Search {
  name?: string | undefined;
  text?: string | undefined;
}

const NAME = /^name:(\S+)\s*/;

/** What is typed: a text, after `name:` and a name if it is one. */
export function parseSearch(typed: string): Search {
  const trimmed = typed.trim();
  const name = NAME.exec(trimmed)?.[1];
  const text = trimmed.replace(NAME, '');
  return { ...(name !== undefined && { name }), ...(text !== '' && { text }) };
}

/** As one would type it. */
export function searchWords({ name, text }: Search): string {
  return [name !== undefined && `name:${name}`, text].filter(Boolean).join(' ');
}

export function searchOf(params: URLSearchParams): Search {
  return { name: params.get('name') ?? undefined, text: params.get('text') ?? undefined };
}

/** The parameters of the page for a state of jobs and a search among them. */
export function listParams(state: string | undefined, search: Search): Record<string, string> {
  return {
    ...(state && { state }),
    ...(search.name && { name: search.name }),
    ...(search.text && { text: search.text }),
  };
}

export function isSearch({ name, text }: Search): boolean {
  return Boolean(name) || Boolean(text);
}
