import type { ApiKey } from '../../api/types';
import { Button } from '../../ui/Button';
import { RelativeTime } from '../../ui/Time';

export function KeyOfOrganizationRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  return (
    <li className={apiKey.revokedAt ? 'key-row key-row-revoked' : 'key-row'}>
      <div>
        <strong>{apiKey.name}</strong> <code>{apiKey.prefix}…</code>
        <p className="key-scopes">
          {apiKey.scopes.map((scope) => (
            <span key={scope} className="tag">
              {scope}
            </span>
          ))}
        </p>
      </div>
      <p className="muted">
        <span>
          Created <RelativeTime at={apiKey.createdAt} />
        </span>
        <span>
          {apiKey.lastUsedAt ? (
            <>
              Used <RelativeTime at={apiKey.lastUsedAt} />
            </>
          ) : (
            'Never used'
          )}
        </span>
      </p>
      {apiKey.revokedAt ? (
        <span className="muted">
          Revoked <RelativeTime at={apiKey.revokedAt} />
        </span>
      ) : (
        <Button kind="quiet" onClick={onRevoke} aria-label={`Revoke ${apiKey.name}`}>
          Revoke
        </Button>
      )}
    </li>
  );
}
