import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { cancelInvitation, inviteMembers, listInvitations } from '../../api/organization';
import { ApiError } from '../../api/problem';
import { useSendsMail } from '../../app/signInOptions';
import type { Invitation } from '../../api/types';
import { useNow } from '../../ui/useNow';
import { Banner } from '../../ui/Banner';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { InvitationRow } from './InvitationRow';
import { InviteForm } from './InviteForm';
import { rolesOf } from './permissions';
import { useOrganization } from './useOrganization';

export function InvitationsTab() {
  const { may, changed } = useOrganization();
  const now = useNow();
  const sendsMail = useSendsMail();
  const [taking, setTaking] = useState<Invitation>();
  const query = useQuery({
    queryKey: ['organization', 'invitations'],
    queryFn: ({ signal }) => listInvitations(signal),
  });
  const take = useMutation({
    mutationFn: cancelInvitation,
    onSuccess: async () => {
      await changed();
      setTaking(undefined);
    },
  });
  const again = useMutation({ mutationFn: sendAgain, onSuccess: changed });
  if (query.error instanceof ApiError && query.error.status === 403) {
    return (
      <Banner tone="info" title="Not for your role">
        Who may invite people sees the invitations. Ask an admin or an owner of the organization.
      </Banner>
    );
  }
  const all = query.data ?? [];
  const isOpen = ({ status, expiresAt }: Invitation) => status === 'pending' && Date.parse(expiresAt) > now;
  const parts = [
    { title: 'Waiting', list: all.filter(isOpen) },
    { title: 'Before', list: all.filter((one) => !isOpen(one)) },
  ];
  return (
    <>
      {may('invitation:create') && <InviteForm />}
      <ProblemBanner error={query.error} title="The invitations cannot be shown" />
      <ProblemBanner error={again.error} title="Not sent again" />
      <p role="status" className={again.isSuccess ? 'form-done' : 'visually-hidden'}>
        {again.isSuccess &&
          (sendsMail
            ? `Sent again to ${again.variables.email}`
            : `Renewed for ${again.variables.email}. This server sends no email: copy the link.`)}
      </p>
      {query.isPending && <Skeleton lines={3} label="Loading invitations" />}
      {query.data && all.length === 0 && <Empty title="Nobody is invited" />}
      {parts.map(
        ({ title, list }) =>
          list.length > 0 && (
            <section key={title} className="part" aria-label={title}>
              <h2>
                {title} <span className="muted">{list.length}</span>
              </h2>
              <ul className="rows">
                {list.map((invitation) => (
                  <InvitationRow
                    key={invitation.id}
                    invitation={invitation}
                    open={isOpen(invitation)}
                    busy={again.isPending}
                    onAgain={() => again.mutate(invitation)}
                    onTakeBack={() => setTaking(invitation)}
                  />
                ))}
              </ul>
            </section>
          ),
      )}
      {taking && (
        <ConfirmDialog
          title="Take the invitation back?"
          confirm="Take back"
          busy={take.isPending}
          error={take.error}
          onConfirm={() => take.mutate(taking.id)}
          onClose={() => {
            take.reset();
            setTaking(undefined);
          }}
        >
          <p>
            The link that <strong className="break">{taking.email}</strong> has got counts no more.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

async function sendAgain({ email, role, teamId }: Invitation): Promise<void> {
  const [result] = await inviteMembers([email], {
    role: rolesOf(role),
    teamId: teamId ?? undefined,
    resend: true,
  });
  if (!result?.invitation) {
    throw new ApiError(400, {
      type: `urn:mainstay:problem:${result?.code?.toLowerCase().replaceAll('_', '-') ?? ''}`,
      detail: result?.message,
    });
  }
}
