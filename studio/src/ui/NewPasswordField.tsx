import { PasswordField } from './PasswordField';
import { PasswordMeter } from './PasswordMeter';

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  /** Of whom it is: it may be no part of the address. */
  email?: string | undefined;
  error: string | undefined;
  /** What was refused is being changed. */
  onCorrect: () => void;
}

/** A password to be chosen: what is wrong with it stands in the meter's place until it is changed. */
export function NewPasswordField({ label, value, onChange, email, error, onCorrect }: Props) {
  return (
    <PasswordField
      label={label}
      autoComplete="new-password"
      value={value}
      onChange={(next) => {
        onChange(next);
        if (error) onCorrect();
      }}
      error={error}
      hint={!error && <PasswordMeter password={value} email={email} />}
    />
  );
}
