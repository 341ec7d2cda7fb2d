import { answer, api, done } from './client';
import { challengeOf } from './twoFactor';
import type { SessionAndUser, SignInOptions } from './types';

/** The methods of the second factor, where one is asked for; who gets undefined is in. */
export async function signInByPassword(email: string, password: string) {
  return challengeOf(await answer(api.POST('/api/auth/sign-in/email', { body: { email, password } })));
}

export interface LinkTargets {
  callbackURL: string;
  errorCallbackURL: string;
}

export function sendSignInLink(email: string, targets: LinkTargets) {
  return done(api.POST('/api/auth/sign-in/magic-link', { body: { email, ...targets } }));
}

export function sendSignInCode(email: string) {
  return done(api.POST('/api/auth/email-otp/send-verification-otp', { body: { email, type: 'sign-in' } }));
}

/** As {@link signInByPassword}. */
export async function signInByCode(email: string, otp: string) {
  return challengeOf(await answer(api.POST('/api/auth/sign-in/email-otp', { body: { email, otp } })));
}

export interface NewAccount {
  name: string;
  email: string;
  password: string;
  callbackURL: string;
}

export function signUp(account: NewAccount) {
  return answer(api.POST('/api/auth/sign-up/email', { body: account }));
}

export function sendVerification(email: string, callbackURL: string) {
  return done(api.POST('/api/auth/send-verification-email', { body: { email, callbackURL } }));
}

export function requestPasswordReset(email: string, redirectTo: string) {
  return done(api.POST('/api/auth/request-password-reset', { body: { email, redirectTo } }));
}

export function resetPassword(token: string, newPassword: string) {
  return done(api.POST('/api/auth/reset-password', { body: { token, newPassword } }));
}

/** Null for who is not signed in. */
export function getSession(signal?: AbortSignal): Promise<SessionAndUser | null> {
  return answer(api.GET('/api/auth/get-session', { signal }));
}

export function listAccounts(signal?: AbortSignal) {
  return answer(api.GET('/api/auth/list-accounts', { signal }));
}

/** @param image empty for none */
export function updateUser(name: string, image: string) {
  return done(api.POST('/api/auth/update-user', { body: { name, image } }));
}

export function changeEmail(newEmail: string, callbackURL: string) {
  return done(api.POST('/api/auth/change-email', { body: { newEmail, callbackURL } }));
}

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
  revokeOtherSessions: boolean;
}

export function changePassword(change: PasswordChange) {
  return done(api.POST('/api/auth/change-password', { body: change }));
}

export function setPassword(newPassword: string) {
  return done(api.POST('/api/auth/set-password', { body: { newPassword } }));
}

export function revokeSessions() {
  return done(api.POST('/api/auth/revoke-sessions'));
}

/** True if the account is gone; false if a mail was sent whose link deletes it. */
export async function deleteAccount(password: string | undefined, callbackURL: string): Promise<boolean> {
  const body = password === undefined ? { callbackURL } : { password, callbackURL };
  const { message } = await answer(api.POST('/api/auth/delete-user', { body }));
  return message === 'User deleted';
}

export function getSignInOptions(signal?: AbortSignal): Promise<SignInOptions> {
  return answer(api.GET('/api/auth/options', { signal }));
}

/** All that is kept about the caller, as the server writes it. */
export function getMyData(): Promise<string> {
  return answer(api.GET('/api/me/data', { parseAs: 'text' }));
}
