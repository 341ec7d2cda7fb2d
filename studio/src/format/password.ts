/** The server's rules of a new password, told while it is written. The server checks them, and its list of common ones. */
export const MIN_PASSWORD = 8;
export const MAX_PASSWORD = 128;

/** Below so many different characters a password is guessed soon, however long. */
const FEW_DIFFERENT = 5;

export interface PasswordAdvice {
  /** 0 is refused, 3 is as good as it gets. */
  level: 0 | 1 | 2 | 3;
  says: string;
}

export function passwordAdvice(password: string, email = ''): PasswordAdvice {
  const characters = [...password];
  const missing = MIN_PASSWORD - characters.length;
  if (characters.length === 0) {
    return { level: 0, says: `At least ${MIN_PASSWORD} characters; several words are good` };
  }
  if (missing > 0) {
    return { level: 0, says: missing === 1 ? '1 more character' : `${missing} more characters` };
  }
  if (password.length > MAX_PASSWORD) {
    return { level: 0, says: `At most ${MAX_PASSWORD} characters` };
  }
  if (email.toLowerCase().includes(password.toLowerCase())) {
    return { level: 0, says: 'Not a part of your address' };
  }
  if (new Set(characters).size < FEW_DIFFERENT) {
    return { level: 1, says: 'Easy to guess: few different characters' };
  }
  if (characters.length < 12) {
    return { level: 1, says: 'Long enough; longer is safer' };
  }
  return characters.length < 16 ? { level: 2, says: 'Good' } : { level: 3, says: 'Strong' };
}

/** What is wrong with a new password, for its field. */
export function passwordFault(password: string, email = ''): string | undefined {
  const { level, says } = passwordAdvice(password, email);
  if (password === '') return 'Choose a password';
  return level === 0 ? says : undefined;
}
