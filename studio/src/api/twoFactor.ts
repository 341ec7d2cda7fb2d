import { answer, api, done } from './client';

/** How the second factor may be given: by an app, or by a code that is mailed. A backup code does where an app does. */
export type TwoFactorMethod = 'totp' | 'otp';

export interface Challenge {
  twoFactorRedirect: boolean;
  twoFactorMethods: readonly string[];
}

/** What a sign-in asks for besides; undefined for who is in. */
export function challengeOf(answered: object): readonly string[] | undefined {
  return isChallenge(answered) ? answered.twoFactorMethods : undefined;
}

function isChallenge(answered: object): answered is Challenge {
  return 'twoFactorRedirect' in answered && answered.twoFactorRedirect === true;
}

export interface Proof {
  code: string;
  trustDevice: boolean;
}

export function verifyAppCode(body: Proof) {
  return done(api.POST('/api/auth/two-factor/verify-totp', { body }));
}

export function verifyMailCode(body: Proof) {
  return done(api.POST('/api/auth/two-factor/verify-otp', { body }));
}

export function verifyBackupCode(body: Proof) {
  return done(api.POST('/api/auth/two-factor/verify-backup-code', { body }));
}

export function sendMailCode() {
  return done(api.POST('/api/auth/two-factor/send-otp', { body: {} }));
}

export interface NewApp {
  uri: string;
  backupCodes: string[];
}

/** An app to be: it counts once a code of it was right. */
export async function enableApp(password: string | undefined): Promise<NewApp> {
  const made = await answer(api.POST('/api/auth/two-factor/enable', { body: { password, method: 'totp' } }));
  return { uri: made.totpURI ?? '', backupCodes: made.backupCodes ?? [] };
}

export function disableTwoFactor(password: string | undefined) {
  return done(api.POST('/api/auth/two-factor/disable', { body: { password } }));
}

export async function newBackupCodes(password: string | undefined): Promise<string[]> {
  const made = await answer(api.POST('/api/auth/two-factor/generate-backup-codes', { body: { password } }));
  return made.backupCodes;
}
