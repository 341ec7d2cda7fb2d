import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { createTeam, removeTeam, renameTeam } from '../../api/organization';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { NameDialog } from '../../ui/NameDialog';
import { TeamRow } from './TeamRow';
import { useOrganization } from './useOrganization';

interface Named {
  id: string;
  name: string;
}

type Act = { name: 'new' } | { name: 'rename' | 'remove'; team: Named };

export function TeamsTab() {
  const { organization, may, changed } = useOrganization();
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const done = async () => {
    await changed();
    close();
  };
  const remove = useMutation({ mutationFn: removeTeam, onSuccess: done });
  return (
    <>
      <div className="tab-head">
        <p className="muted">Groups of members. A session can have one of them active.</p>
        {may('team:create') && (
          <Button kind="primary" icon="plus" onClick={() => setAct({ name: 'new' })}>
            New team
          </Button>
        )}
      </div>
      {organization.teams.length === 0 ? (
        <Empty title="No teams yet" />
      ) : (
        <ul className="rows" aria-label="Teams">
          {organization.teams.map(({ id = '', name = '', memberCount }) => (
            <TeamRow
              key={id}
              id={id}
              name={name}
              count={memberCount}
              onRename={() => setAct({ name: 'rename', team: { id, name } })}
              onRemove={() => setAct({ name: 'remove', team: { id, name } })}
            />
          ))}
        </ul>
      )}
      {act?.name === 'new' && (
        <NameDialog
          title="New team"
          label="Name"
          confirm="Create team"
          failure="Not created"
          send={createTeam}
          onDone={done}
          onClose={close}
        />
      )}
      {act?.name === 'rename' && (
        <NameDialog
          title="Rename the team"
          label="Name"
          initial={act.team.name}
          confirm="Rename"
          failure="Not renamed"
          send={(name) => renameTeam(act.team.id, name)}
          onDone={done}
          onClose={close}
        />
      )}
      {act?.name === 'remove' && (
        <ConfirmDialog
          title={`Remove the team “${act.team.name}”?`}
          confirm="Remove team"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(act.team.id)}
          onClose={() => {
            remove.reset();
            close();
          }}
        >
          <p>Its members stay in the organization.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
