import { Field } from './Field';

interface Props {
  label?: string;
  /** `username` where one signs in: password managers fill both fields then. `webauthn` has passkeys suggested, too. */
  autoComplete: 'username' | 'username webauthn' | 'email';
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  error?: string | undefined;
}

export function EmailField({ label = 'E-mail', autoComplete, value, onChange, hint, error }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          type="email"
          name="email"
          autoComplete={autoComplete}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
