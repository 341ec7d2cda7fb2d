import { pathIn } from './organization';

/** Where somebody may be sent after the sign-in: pages of the studio that need one. */
const PAGES = ['tasks', 'queues', 'keys', 'account', 'organization', 'docs', 'admin', 'invitations', 'links'];

const HOME = '/tasks';

/** A page of the studio, or the list of tasks: a link must not lead elsewhere after the sign-in. */
export function safeTarget(to: string | null | undefined): string {
  if (!to?.startsWith('/') || !URL.canParse(to, location.origin)) {
    return HOME;
  }
  // As the browser would read it: `//host`, `/\host` and `/tasks/../api` are seen for what they are.
  const url = new URL(to, location.origin);
  const [, page = ''] = pathIn(undefined, url.pathname).split('/');
  return url.origin === location.origin && PAGES.includes(page) ? url.pathname + url.search + url.hash : HOME;
}

/** A path with parameters, those without a value left out. The server takes no more characters than these. */
export function pathWith(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(parameters)
    .filter((parameter): parameter is [string, string] => parameter[1] !== undefined)
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
  return query === '' ? path : `${path}?${query}`;
}

/** A path as the server takes one for a link in a mail: what is unusual in it is percent-encoded. */
export function callbackPath(path: string): string {
  return path.replace(/[^\w\-.+/@~%?=&,;#]/gu, encode);
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
