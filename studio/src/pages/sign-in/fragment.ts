export interface SignInLink {
  token: string | undefined;
  to: string | undefined;
}

/** Reads `#token=…&to=…`: what stands behind the # is never sent to a server or written into its log. */
export function parseFragment(fragment: string): SignInLink {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  return { token: fields.get('token') ?? undefined, to: fields.get('to') ?? undefined };
}

export function readFragment(): SignInLink {
  return parseFragment(location.hash);
}
