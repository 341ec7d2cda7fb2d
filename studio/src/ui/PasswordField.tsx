import type { ReactNode } from 'react';
import { useState } from 'react';
import { Field } from './Field';

interface Props {
  label: string;
  /** `current-password` is offered what is stored, `new-password` one to store. */
  autoComplete: 'current-password' | 'new-password';
  value: string;
  onChange: (value: string) => void;
  hint?: ReactNode;
  error?: string | undefined;
}

export function PasswordField({ label, autoComplete, value, onChange, hint, error }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} error={error}>
      {(attributes) => (
        <span className="password">
          <input
            {...attributes}
            type={shown ? 'text' : 'password'}
            name={autoComplete}
            autoComplete={autoComplete}
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
          <button
            type="button"
            className="password-toggle"
            aria-label={`Show the text of “${label}”`}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? 'Hide' : 'Show'}
          </button>
        </span>
      )}
    </Field>
  );
}
