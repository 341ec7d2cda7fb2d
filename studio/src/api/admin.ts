import { answer, api, done } from './client';

export const USERS_PAGE = 50;

export interface UserQuery {
  search: string;
  sort: 'name' | 'email' | 'createdAt';
  descending: boolean;
  page: number;
}

export function listUsers({ search, sort, descending, page }: UserQuery, signal?: AbortSignal) {
  return answer(
    api.GET('/api/auth/admin/list-users', {
      params: {
        query: {
          ...(search !== '' && { searchValue: search, searchField: search.includes('@') ? 'email' : 'name' }),
          sortBy: sort,
          sortDirection: descending ? 'desc' : 'asc',
          limit: USERS_PAGE,
          offset: page * USERS_PAGE,
        },
      },
      signal,
    }),
  );
}

export function getUser(id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/auth/admin/get-user', { params: { query: { id } }, signal }));
}

export interface NewUser {
  name: string;
  email: string;
  password?: string;
  role: 'user' | 'admin';
}

export async function createUser(body: NewUser) {
  return (await answer(api.POST('/api/auth/admin/create-user', { body }))).user;
}

export function updateUserByAdmin(
  userId: string,
  data: { name: string; email?: string; emailVerified: boolean },
) {
  return done(api.POST('/api/auth/admin/update-user', { body: { userId, data } }));
}

export function setUserRole(userId: string, role: 'user' | 'admin') {
  return done(api.POST('/api/auth/admin/set-role', { body: { userId, role } }));
}

/** @param seconds without an end if absent */
export function banUser(userId: string, reason: string, seconds: number | undefined) {
  return done(
    api.POST('/api/auth/admin/ban-user', {
      body: {
        userId,
        ...(reason !== '' && { banReason: reason }),
        ...(seconds !== undefined && { banExpiresIn: seconds }),
      },
    }),
  );
}

export function unbanUser(userId: string) {
  return done(api.POST('/api/auth/admin/unban-user', { body: { userId } }));
}

export function setUserPassword(userId: string, newPassword: string) {
  return done(api.POST('/api/auth/admin/set-user-password', { body: { userId, newPassword } }));
}

/** Takes a lost second factor off; their sessions end. */
export function resetTwoFactor(id: string) {
  return done(api.POST('/api/admin/users/{id}/reset-two-factor', { params: { path: { id } } }));
}

export function removeUser(userId: string) {
  return done(api.POST('/api/auth/admin/remove-user', { body: { userId } }));
}

export async function listUserSessions(userId: string) {
  return (await answer(api.POST('/api/auth/admin/list-user-sessions', { body: { userId } }))).sessions;
}

export function endUserSession(sessionToken: string) {
  return done(api.POST('/api/auth/admin/revoke-user-session', { body: { sessionToken } }));
}

export function endUserSessions(userId: string) {
  return done(api.POST('/api/auth/admin/revoke-user-sessions', { body: { userId } }));
}

/** For an hour; the session is theirs then. */
export function impersonate(userId: string) {
  return done(api.POST('/api/auth/admin/impersonate-user', { body: { userId } }));
}

export function stopImpersonating() {
  return done(api.POST('/api/auth/admin/stop-impersonating'));
}

export interface OrganizationQuery {
  q?: string | undefined;
  userId?: string | undefined;
}

export function listAllOrganizations(
  query: OrganizationQuery,
  cursor: string | undefined,
  signal?: AbortSignal,
) {
  return answer(
    api.GET('/api/admin/organizations', { params: { query: { ...query, cursor, limit: 50 } }, signal }),
  );
}

export interface AuditQuery {
  action?: string | undefined;
  actorId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export function listAudit(
  query: AuditQuery & { organizationId?: string | undefined },
  cursor: string | undefined,
  signal?: AbortSignal,
) {
  return answer(
    api.GET('/api/admin/audit-log', { params: { query: { ...query, cursor, limit: 50 } }, signal }),
  );
}

/** Of the active organization. */
export function listOwnAudit(query: AuditQuery, cursor: string | undefined, signal?: AbortSignal) {
  return answer(api.GET('/api/audit-log', { params: { query: { ...query, cursor, limit: 50 } }, signal }));
}
