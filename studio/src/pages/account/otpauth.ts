/** The secret of an app's URI (`otpauth://totp/…?secret=…`), in groups of four as one types it. */
export function secretOf(uri: string): string {
  const query = new URLSearchParams(uri.slice(uri.indexOf('?') + 1));
  return (query.get('secret') ?? '').replace(/(.{4})(?=.)/g, '$1 ');
}
