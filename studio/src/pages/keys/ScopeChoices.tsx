const MEANINGS: Readonly<Record<string, string>> = {
  'tasks:read': 'See tasks, their events and changes',
  'tasks:write': 'Create tasks, steer, cancel, approve',
  'keys:manage': 'List, create and revoke keys',
  'queues:read': 'See queues and their jobs',
  'queues:write': 'Add jobs',
  'queues:operate': 'Retry, cancel and remove jobs, pause queues',
  'instance:admin': 'All users, organizations and mails of the server',
};

interface Props {
  /** Those that may be given. */
  scopes: readonly string[];
  chosen: readonly string[];
  onToggle: (scope: string) => void;
  error?: string | undefined;
}

export function ScopeChoices({ scopes, chosen, onToggle, error }: Props) {
  return (
    <fieldset className="scopes">
      <legend>Scopes</legend>
      {scopes.map((scope) => (
        <label key={scope} className="check">
          <input
            type="checkbox"
            aria-invalid={error ? true : undefined}
            checked={chosen.includes(scope)}
            onChange={() => onToggle(scope)}
          />
          <span>
            <code>{scope}</code>
            <span className="field-hint">{MEANINGS[scope]}</span>
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
