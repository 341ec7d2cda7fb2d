import { BUILT_IN_ROLES } from './permissions';
import { useOrganization } from './useOrganization';

interface Props {
  legend: string;
  chosen: readonly string[];
  onChange: (roles: string[]) => void;
  error?: string | undefined;
}

/** One or several roles. What the viewer may not give is shown, and cannot be chosen. */
export function RolePicker({ legend, chosen, onChange, error }: Props) {
  const { roles, mayGive } = useOrganization();
  const names = [...BUILT_IN_ROLES, ...roles.map(({ role }) => role)];
  const toggle = (role: string) =>
    onChange(chosen.includes(role) ? chosen.filter((one) => one !== role) : [...chosen, role]);
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {names.map((role) => (
        <label key={role} className="check">
          <input
            type="checkbox"
            checked={chosen.includes(role)}
            disabled={!mayGive(role) && !chosen.includes(role)}
            aria-invalid={error ? true : undefined}
            onChange={() => toggle(role)}
          />
          <span className="break">
            {role}
            {!mayGive(role) && (
              <span className="field-hint">Nobody gives what they may not do themselves</span>
            )}
          </span>
        </label>
      ))}
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
