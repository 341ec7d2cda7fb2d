import { Field } from './Field';

interface Props {
  word: string;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

/** A word that nobody types by accident. */
export function TypedWord({ word, value, onChange, error }: Props) {
  return (
    <Field label={`Type “${word}” to confirm`} error={error}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          autoComplete="off"
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
