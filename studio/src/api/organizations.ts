import { answer, api, done } from './client';

/** An invitation that was sent to the caller's address. */
export function getInvitation(id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/get-invitation', { params: { query: { id } }, signal }));
}

/** The session acts in the organization from then on. */
export function acceptInvitation(invitationId: string) {
  return done(api.POST('/api/auth/organization/accept-invitation', { body: { invitationId } }));
}

export function rejectInvitation(invitationId: string) {
  return done(api.POST('/api/auth/organization/reject-invitation', { body: { invitationId } }));
}

export function listOrganizations(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/organization/list', { signal }));
}

export function setActiveOrganization(organizationId: string) {
  return done(api.POST('/api/auth/organization/set-active', { body: { organizationId } }));
}
