import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteOrganization, leaveOrganization } from '../../api/organization';
import { visit } from '../../app/organization';
import { Button } from '../../ui/Button';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Setting } from '../../ui/Setting';
import { TypedConfirm } from '../../ui/TypedConfirm';
import { OrganizationForm } from './OrganizationForm';
import { useOrganization } from './useOrganization';

export function GeneralTab() {
  const { organization, may } = useOrganization();
  const [asked, setAsked] = useState<'leave' | 'delete'>();
  /** The session acts in the user's personal organization from then on. */
  const gone = () => visit('/tasks', { replace: true });
  const leave = useMutation({ mutationFn: () => leaveOrganization(organization.id), onSuccess: gone });
  return (
    <>
      <Setting title="Profile" about="What members see, and how addresses name the organization.">
        <OrganizationForm key={organization.slug} />
      </Setting>
      <Setting
        title="Leave"
        about="Your keys of this organization end. Somebody has to invite you to come back."
      >
        <Button icon="signOut" onClick={() => setAsked('leave')}>
          Leave the organization …
        </Button>
      </Setting>
      <Setting
        title="Delete"
        about="With its members, keys, teams, roles and domains. It does not come back."
      >
        <Button
          kind="danger"
          icon="trash"
          disabled={!may('organization:delete')}
          onClick={() => setAsked('delete')}
        >
          Delete the organization …
        </Button>
        {!may('organization:delete') && <p className="field-hint">Only its owners can delete it.</p>}
      </Setting>
      {asked === 'leave' && (
        <ConfirmDialog
          title={`Leave “${organization.name}”?`}
          confirm="Leave"
          busy={leave.isPending}
          error={leave.error}
          onConfirm={() => leave.mutate()}
          onClose={() => {
            leave.reset();
            setAsked(undefined);
          }}
        >
          <p>You see nothing of it any more, and your keys for it end at once.</p>
        </ConfirmDialog>
      )}
      {asked === 'delete' && (
        <TypedConfirm
          title="Delete the organization?"
          word={organization.slug}
          confirm="Delete for good"
          failure="Not deleted"
          send={() => deleteOrganization(organization.id)}
          onDone={gone}
          onClose={() => setAsked(undefined)}
        >
          <p>
            All {organization.members.length} members lose what is in it, and programs that use its keys lose
            access. This cannot be undone.
          </p>
        </TypedConfirm>
      )}
    </>
  );
}
