import { useState } from 'react';
import { Button } from '../../ui/Button';
import { TeamMembers } from './TeamMembers';
import { useOrganization } from './useOrganization';

interface Props {
  id: string;
  name: string;
  count: number;
  onRename: () => void;
  onRemove: () => void;
}

export function TeamRow({ id, name, count, onRename, onRemove }: Props) {
  const { may } = useOrganization();
  const [open, setOpen] = useState(false);
  return (
    <li className="role-row">
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <strong className="break">{name}</strong>{' '}
          <span className="muted">{count === 1 ? '1 member' : `${count} members`}</span>
        </summary>
        {open && <TeamMembers teamId={id} name={name} />}
        <div className="actions">
          {may('team:update') && (
            <Button icon="pencil" onClick={onRename} aria-label={`Rename ${name}`}>
              Rename
            </Button>
          )}
          {may('team:delete') && (
            <Button kind="danger" icon="trash" onClick={onRemove} aria-label={`Remove the team ${name}`}>
              Remove team
            </Button>
          )}
        </div>
      </details>
    </li>
  );
}
