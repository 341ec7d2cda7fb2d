import { useEffect, useState } from 'react';
import { currentOrganization, pathIn, visit } from './organization';
import { useOrganizations, useSession, useShownOrganization } from './session';

/**
 * Puts the organization into an address that has none, such as that of a link in a mail.
 *
 * @returns whether the page may be shown: not before it is known where it is
 */
export function useOrganizationInAddress(): boolean {
  const session = useSession();
  const organizations = useOrganizations();
  const slug = useShownOrganization()?.slug;
  const named = currentOrganization() !== undefined;
  useEffect(() => {
    if (!named && slug !== undefined) {
      visit(pathIn(slug, location.pathname) + location.search + location.hash, { replace: true });
    }
  }, [named, slug]);
  const known = slug === undefined && !session.isPending && !organizations.isPending;
  const [settled, setSettled] = useState(known);
  // Once and for all: while the server is away these are asked for again and again, and the page stays in its place.
  if (known && !settled) setSettled(true);
  return named || settled;
}
