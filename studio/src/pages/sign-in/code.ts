export const DIGITS = 6;

/** The digits of what was typed or pasted: a mail program may have put spaces among them. */
export function codeOf(text: string): string {
  return text.normalize('NFKC').replace(/\D/g, '').slice(0, DIGITS);
}
