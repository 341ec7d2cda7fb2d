import { useEffect, useState } from 'react';

export interface SignInLink {
  token: string | undefined;
  to: string | undefined;
}

/** Reads `#token=…&to=…`: what stands behind the # is never sent to a server or written into its log. */
export function parseFragment(fragment: string): SignInLink {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  return { token: fields.get('token') ?? undefined, to: fields.get('to') ?? undefined };
}

/** The link of the address, also when a fresh one is opened in the tab at hand: only its fragment changes then. */
export function useFragment(): SignInLink {
  const [link, setLink] = useState(() => parseFragment(location.hash));
  useEffect(() => {
    const read = () => {
      const opened = parseFragment(location.hash);
      if (opened.token !== undefined) setLink(opened);
    };
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return link;
}
