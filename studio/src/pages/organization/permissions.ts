import type { Permissions } from '../../api/organization';
import type { Role } from '../../api/types';

export interface Resource {
  id: string;
  label: string;
  actions: readonly { id: string; label: string }[];
}

/** All that a role can allow, in the words of the API and of people. */
export const RESOURCES: readonly Resource[] = [
  resource('task', 'Tasks', { read: 'see', write: 'create and steer' }),
  resource('queue', 'Queues', { read: 'see', write: 'add jobs', operate: 'pause, retry, remove' }),
  resource('key', 'API keys', { manage: 'make and end' }),
  resource('member', 'Members', { create: 'let in', update: 'change roles', delete: 'take out' }),
  resource('invitation', 'Invitations', { create: 'send', cancel: 'take back' }),
  resource('team', 'Teams', { create: 'make', update: 'change', delete: 'remove' }),
  resource('ac', 'Roles', { read: 'see', create: 'make', update: 'change', delete: 'remove' }),
  resource('organization', 'Organization', { update: 'change', delete: 'delete' }),
];

function resource(id: string, label: string, actions: Record<string, string>): Resource {
  return {
    id,
    label,
    actions: Object.entries(actions).map(([action, words]) => ({ id: action, label: words })),
  };
}

const ALL = RESOURCES.flatMap(({ id, actions }) => actions.map((action) => `${id}:${action.id}`));

/** The roles that every organization has, and what they allow. */
const BUILT_IN: Readonly<Record<string, readonly string[]>> = {
  owner: ALL,
  admin: ALL.filter((grant) => grant !== 'organization:delete'),
  member: ['ac:read', 'task:read', 'task:write', 'queue:read', 'queue:write'],
};

export const BUILT_IN_ROLES = Object.keys(BUILT_IN);

export const OWNER = 'owner';

/** `member,admin` are two. */
export function rolesOf(role: string): string[] {
  return role.split(',').map((name) => name.trim());
}

/** What roles allow together, written `member:create`. */
export function grantsOf(names: readonly string[], roles: readonly Role[]): ReadonlySet<string> {
  return new Set(
    names.flatMap(
      (name) => BUILT_IN[name] ?? grantsIn(roles.find(({ role }) => role === name)?.permission ?? {}),
    ),
  );
}

export function grantsIn(permissions: Permissions): string[] {
  return Object.entries(permissions).flatMap(([id, actions]) => actions.map((action) => `${id}:${action}`));
}

export function permissionsOf(grants: ReadonlySet<string>): Permissions {
  const permissions: Permissions = {};
  for (const { id, actions } of RESOURCES) {
    const given = actions.map((action) => action.id).filter((action) => grants.has(`${id}:${action}`));
    if (given.length > 0) permissions[id] = given;
  }
  return permissions;
}

/** Of a name and an address, as mail programs write them: `Ada Lovelace <ada@example.com>`. */
const NAMED = /^[^<>]*<([^<>]*)>$/;

/**
 * What somebody has entered as addresses, with commas, semicolons, spaces or lines between them. Nothing is dropped:
 * what is not an address is found by {@link isAddress}, and shown.
 */
export function addressesIn(text: string): string[] {
  const words = text.split(/[,;\n]+/).flatMap((entry) => {
    const address = NAMED.exec(entry.trim())?.[1];
    return address === undefined ? entry.split(/\s+/).map((word) => word.replace(/^<|>$/g, '')) : [address];
  });
  return [...new Set(words.map((word) => word.trim().toLowerCase()).filter((word) => word !== ''))];
}

/** Whether it could be an address at all; the server knows better. */
export function isAddress(text: string): boolean {
  return /^[^\s@<>]+@[^\s@<>]+$/.test(text);
}
