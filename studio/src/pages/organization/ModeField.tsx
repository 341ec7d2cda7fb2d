import type { Domain } from '../../api/types';
import { Field } from '../../ui/Field';

type Mode = Domain['mode'];

export const MODES: Readonly<Record<Mode, string>> = {
  invite: 'are invited, as others are',
  request: 'can ask to join',
  'auto-join': 'are members at once',
};

interface Props {
  label?: string;
  mode: Mode;
  disabled?: boolean;
  onChange: (mode: Mode) => void;
}

/** What becomes of people who confirm an address at the domain. */
export function ModeField({ label = 'People with an address there', mode, disabled, onChange }: Props) {
  return (
    <Field label={label}>
      {(attributes) => (
        <select
          {...attributes}
          value={mode}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as Mode)}
        >
          {Object.entries(MODES).map(([id, words]) => (
            <option key={id} value={id}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
