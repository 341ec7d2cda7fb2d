const SLUG = /^[a-z0-9]+([._-][a-z0-9]+)*$/;

export function slugFault(slug: string): string | undefined {
  return SLUG.test(slug) ? undefined : 'Lower-case letters and digits, with single -, _ or . between them';
}

/** A slug that the server takes, made of a name. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
    .replace(/-$/, '');
}
