import type { KeyDetails } from '../../api/types';
import { Button } from '../../ui/Button';
import { RelativeTime } from '../../ui/Time';
import { useNow } from '../../ui/useNow';
import { limitsOf, scopesOf } from './terms';

export function keyName({ name, start }: KeyDetails): string {
  return name || `${start}…`;
}

interface Props {
  apiKey: KeyDetails;
  busy: boolean;
  onToggle: (enabled: boolean) => void;
  onRotate: (() => void) | undefined;
  onDelete: () => void;
}

export function OwnedKeyRow({ apiKey, busy, onToggle, onRotate, onDelete }: Props) {
  const now = useNow();
  const name = keyName(apiKey);
  const expired = apiKey.expiresAt ? Date.parse(apiKey.expiresAt) <= now : false;
  const limits = limitsOf(apiKey);
  return (
    <li className={apiKey.enabled && !expired ? 'owned-key' : 'owned-key owned-key-off'}>
      <div>
        <p>
          <strong className="break">{name}</strong> <code>{apiKey.start}…</code>{' '}
          {expired && <span className="tag tag-strong">ended</span>}
        </p>
        <p className="key-scopes">
          {scopesOf(apiKey).map((scope) => (
            <span key={scope} className="tag">
              {scope}
            </span>
          ))}
        </p>
        {limits.length > 0 && <p className="muted key-limits">{limits.join(' · ')}</p>}
      </div>
      <p className="muted key-times">
        <span>
          {apiKey.lastRequest ? (
            <>
              Used <RelativeTime at={apiKey.lastRequest} />
            </>
          ) : (
            'Never used'
          )}
        </span>
        <span>
          {apiKey.expiresAt ? (
            <>
              {expired ? 'Ended' : 'Ends'} <RelativeTime at={apiKey.expiresAt} />
            </>
          ) : (
            'No end'
          )}
        </span>
      </p>
      <label className="check key-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={`${name} is on`}
          checked={apiKey.enabled}
          disabled={busy}
          onChange={(event) => onToggle(event.target.checked)}
        />
        <span aria-hidden="true">{apiKey.enabled ? 'On' : 'Off'}</span>
      </label>
      <div className="row-actions">
        {onRotate && (
          <Button
            kind="quiet"
            disabled={expired || !apiKey.enabled}
            onClick={onRotate}
            aria-label={`Rotate ${name}`}
          >
            Rotate
          </Button>
        )}
        <Button kind="quiet" onClick={onDelete} aria-label={`Delete ${name}`}>
          Delete
        </Button>
      </div>
    </li>
  );
}
