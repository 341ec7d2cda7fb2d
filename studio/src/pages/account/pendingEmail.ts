import type { User } from '../../api/types';
import { load, save } from '../../ui/storage';

const KEY = 'new-email';

/** For so long the links of a change are good. */
const LIFE_MILLIS = 60 * 60 * 1000;

/** Notes in this browser that an address waits to be confirmed; the server does not tell. */
export function notePendingEmail(user: User, email: string): void {
  save(KEY, JSON.stringify({ user: user.id, email, at: Date.now() }));
}

export function forgetPendingEmail(): void {
  save(KEY, undefined);
}

/** The address that this user waits for. */
export function pendingEmail(user: User, now = Date.now()): string | undefined {
  const pending = parse(load(KEY));
  return pending?.user === user.id &&
    pending.email !== user.email &&
    now - pending.at < LIFE_MILLIS &&
    pending.at <= now
    ? pending.email
    : undefined;
}

function parse(text: string | undefined): { user: string; email: string; at: number } | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Record<string, unknown> | null;
    return typeof value?.user === 'string' && typeof value.email === 'string' && typeof value.at === 'number'
      ? { user: value.user, email: value.email, at: value.at }
      : undefined;
  } catch {
    return undefined;
  }
}
