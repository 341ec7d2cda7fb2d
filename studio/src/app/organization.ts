import { useSyncExternalStore } from 'react';

/**
 * The organization is part of a page's address, `/o/{slug}/tasks`, so that each tab shows the one that it says and a
 * link leads into the right one. The address is the only place that holds it: nothing else can disagree with it.
 */
const PREFIX = /^\/o\/([^/?#]+)(?=[/?#]|$)/;

const listeners = new Set<() => void>();

/** The organization that a path names, by slug or id. */
export function organizationIn(path: string): string | undefined {
  const name = PREFIX.exec(path)?.[1];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch {
    return undefined;
  }
}

/** The organization that this tab shows; undefined on pages of none. */
export function currentOrganization(): string | undefined {
  return organizationIn(location.pathname);
}

/** A path below an organization, or of none. The path itself may name another one. */
export function pathIn(organization: string | undefined, path: string): string {
  const rest = path.replace(PREFIX, '');
  const below = rest.startsWith('/') ? rest : `/${rest}`;
  return organization === undefined ? below : `/o/${encodeURIComponent(organization)}${below}`;
}

/** The prefix that all paths of this tab have. */
export function basename(): string {
  const organization = currentOrganization();
  return organization === undefined ? '/' : pathIn(organization, '').replace(/\/$/, '');
}

interface Manner {
  replace?: boolean;
}

/** Goes to a path below the present prefix. */
type Navigator = (path: string, manner: Manner) => unknown;

let navigator: Navigator | undefined;

/** @returns takes it back */
export function navigateBy(present: Navigator): () => void {
  navigator = present;
  return () => {
    if (navigator === present) navigator = undefined;
  };
}

/** Goes to a whole path. If it is in another organization, nothing that was loaded before stays. */
export function visit(path: string, manner: Manner = {}): void {
  if (organizationIn(path) === currentOrganization() && navigator) {
    navigator(pathIn(undefined, path), manner);
    return;
  }
  if (manner.replace) {
    history.replaceState(null, '', path);
  } else {
    history.pushState(null, '', path);
  }
  addressChanged();
}

/** Tells of each change of the organization in the address, by {@link visit} or by the browser's Back. */
export function useBasename(): string {
  return useSyncExternalStore(listen, basename);
}

/** The same address, read again: a link has led into another organization. */
export function addressChanged(): void {
  listeners.forEach((listener) => listener());
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}
