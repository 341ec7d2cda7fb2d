import type { Passkey } from '../../api/types';
import { Button } from '../../ui/Button';
import { RelativeTime } from '../../ui/Time';
import { keptWhere } from './authenticators';

export function nameOf(passkey: Passkey): string {
  return passkey.name || 'Passkey without a name';
}

interface Props {
  passkey: Passkey;
  onRename: () => void;
  onDelete: () => void;
}

export function PasskeyRow({ passkey, onRename, onDelete }: Props) {
  const name = nameOf(passkey);
  return (
    <li className="item-row">
      <div>
        <strong className="break">{name}</strong>
        <p className="muted">
          {keptWhere(passkey)} · added <RelativeTime at={passkey.createdAt} />
        </p>
      </div>
      <div className="row-actions">
        <Button kind="quiet" onClick={onRename} aria-label={`Rename ${name}`}>
          Rename
        </Button>
        <Button kind="quiet" onClick={onDelete} aria-label={`Remove ${name}`}>
          Remove
        </Button>
      </div>
    </li>
  );
}
