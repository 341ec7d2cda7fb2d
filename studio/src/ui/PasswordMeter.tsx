import { passwordAdvice } from '../format/password';

/** How good a new password is, in words and as a bar. It stands where a field has its hint. */
export function PasswordMeter({ password, email }: { password: string; email?: string | undefined }) {
  const { level, says } = passwordAdvice(password, email);
  const begun = password !== '';
  return (
    <span className="meter" data-level={begun ? level : undefined}>
      <span className="meter-bar" aria-hidden="true">
        {[0, 1, 2, 3].map((part) => (
          <span key={part} className={begun && part <= level ? 'meter-on' : undefined} />
        ))}
      </span>
      <span aria-live="polite">{says}</span>
    </span>
  );
}
