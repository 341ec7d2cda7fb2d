import type { MailLink } from '../../api/links';

/** Reads `#token=…&callbackURL=…`: what stands behind the # is never sent to a server or written into its log. */
export function parseMailLink(fragment: string): MailLink | undefined {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const token = fields.get('token');
  return token
    ? {
        token,
        callbackURL: fields.get('callbackURL') ?? undefined,
        newUserCallbackURL: fields.get('newUserCallbackURL') ?? undefined,
      }
    : undefined;
}

/** The path of a page of this site; undefined for any other address. */
export function ownPath(url: string | undefined, origin: string): string | undefined {
  if (url === undefined || !URL.canParse(url, origin)) {
    return undefined;
  }
  const parsed = new URL(url, origin);
  return parsed.origin === origin ? parsed.pathname + parsed.search + parsed.hash : undefined;
}
