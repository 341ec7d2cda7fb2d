/** What was done before somebody came to the sign-in, by `?notice=`. */
const NOTICES: Readonly<Record<string, string>> = {
  confirmed: 'Your address is confirmed. Sign in now.',
  reset: 'Your new password is set. Sign in with it; all other sessions have ended.',
  ended: 'All your sessions have ended, this one too.',
  deleted: 'Your account is deleted.',
};

export function noticeOf(name: string | null): string | undefined {
  return name === null ? undefined : NOTICES[name];
}
