import { answer, api, done } from './client';
import type { Domain } from './types';

/** Actions by resource. */
export type Permissions = Record<string, string[]>;

/** With its members, teams and waiting invitations; the active one of the session. */
export function getFullOrganization(signal?: AbortSignal) {
  return answer(
    api.GET('/api/auth/organization/get-full-organization', {
      params: { query: { membersLimit: 200 } },
      signal,
    }),
  );
}

export interface NewOrganization {
  name: string;
  slug: string;
}

/** The session acts in it from then on. */
export function createOrganization(body: NewOrganization) {
  return done(api.POST('/api/auth/organization/create', { body }));
}

/** @param logo empty for none */
export function updateOrganization(data: { name: string; slug: string; logo: string }) {
  return done(api.POST('/api/auth/organization/update', { body: { data } }));
}

export function leaveOrganization(organizationId: string) {
  return done(api.POST('/api/auth/organization/leave', { body: { organizationId } }));
}

export function deleteOrganization(organizationId: string) {
  return done(api.POST('/api/auth/organization/delete', { body: { organizationId } }));
}

export function setMemberRoles(memberId: string, role: string[]) {
  return done(api.POST('/api/auth/organization/update-member-role', { body: { memberId, role } }));
}

export function removeMember(memberIdOrEmail: string) {
  return done(api.POST('/api/auth/organization/remove-member', { body: { memberIdOrEmail } }));
}

export function listInvitations(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/list-invitations', { signal }));
}

export interface Offer {
  role: string[];
  teamId?: string | undefined;
  resend?: boolean;
}

/** What became of each address. */
export function inviteMembers(emails: string[], { role, teamId, resend = false }: Offer) {
  return answer(
    api.POST('/api/auth/organization/invite-members', {
      body: { emails, role, resend, ...(teamId && { teamId: teamId.split(',') }) },
    }),
  );
}

export function cancelInvitation(invitationId: string) {
  return done(api.POST('/api/auth/organization/cancel-invitation', { body: { invitationId } }));
}

export function listMembershipRequests(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/list-membership-requests', { signal }));
}

export function decideMembershipRequest(requestId: string, accept: boolean) {
  return done(
    accept
      ? api.POST('/api/auth/organization/accept-membership-request', { body: { requestId } })
      : api.POST('/api/auth/organization/reject-membership-request', { body: { requestId } }),
  );
}

export function listRoles(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/list-roles', { signal }));
}

export function createRole(role: string, permission: Permissions) {
  return done(api.POST('/api/auth/organization/create-role', { body: { role, permission } }));
}

export function updateRole(roleId: string, roleName: string, permission: Permissions) {
  return done(
    api.POST('/api/auth/organization/update-role', { body: { roleId, data: { roleName, permission } } }),
  );
}

export function deleteRole(roleId: string) {
  return done(api.POST('/api/auth/organization/delete-role', { body: { roleId } }));
}

export function createTeam(name: string) {
  return done(api.POST('/api/auth/organization/create-team', { body: { name } }));
}

export function renameTeam(teamId: string, name: string) {
  return done(api.POST('/api/auth/organization/update-team', { body: { teamId, data: { name } } }));
}

export function removeTeam(teamId: string) {
  return done(api.POST('/api/auth/organization/remove-team', { body: { teamId } }));
}

export function listTeamMembers(teamId: string, signal?: AbortSignal) {
  return answer(
    api.GET('/api/auth/organization/list-team-members', { params: { query: { teamId } }, signal }),
  );
}

export function addTeamMember(teamId: string, userId: string) {
  return done(api.POST('/api/auth/organization/add-team-member', { body: { teamId, userId } }));
}

export function removeTeamMember(teamId: string, userId: string) {
  return done(api.POST('/api/auth/organization/remove-team-member', { body: { teamId, userId } }));
}

export function listDomains(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/list-domains', { signal }));
}

export interface NewDomain {
  domain: string;
  mode: Domain['mode'];
  mailbox?: 'postmaster' | 'admin';
}

/** One that is there gets the mode, and a new code unless it is verified. */
export function addDomain(body: NewDomain) {
  return done(api.POST('/api/auth/organization/add-domain', { body }));
}

export function verifyDomain(domainId: string, code: string) {
  return done(api.POST('/api/auth/organization/verify-domain', { body: { domainId, code } }));
}

export function removeDomain(domainId: string) {
  return done(api.POST('/api/auth/organization/remove-domain', { body: { domainId } }));
}
