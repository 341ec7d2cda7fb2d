import type { Invitation } from '../../api/types';
import { useSendsMail } from '../../app/signInOptions';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { RelativeTime } from '../../ui/Time';
import { RoleTags } from './RoleTags';
import { useOrganization } from './useOrganization';

const WORDS: Readonly<Record<string, string>> = {
  accepted: 'Accepted',
  rejected: 'Declined',
  canceled: 'Taken back',
};

export function invitationLink(id: string): string {
  return `${location.origin}/invitations/${encodeURIComponent(id)}`;
}

interface Props {
  invitation: Invitation;
  open: boolean;
  busy: boolean;
  onAgain: () => void;
  onTakeBack: () => void;
}

export function InvitationRow({ invitation, open, busy, onAgain, onTakeBack }: Props) {
  const { may, organization } = useOrganization();
  const { id, email, role, teamId, status, createdAt, expiresAt } = invitation;
  const sendsMail = useSendsMail();
  const teams = (teamId?.split(',') ?? [])
    .map((team) => organization.teams.find((one) => one.id === team)?.name)
    .filter(Boolean);
  return (
    <li className="member-row member-row-two">
      <div>
        <strong className="break">{email}</strong>
        <p className="muted">
          <RoleTags role={role} />
          {teams.length > 0 && <> for {teams.join(', ')}</>}
        </p>
        <p className="muted">
          {open ? (
            <>
              Ends <RelativeTime at={expiresAt} />
            </>
          ) : (
            <>
              {WORDS[status] ?? 'Expired'}, created <RelativeTime at={createdAt} />
            </>
          )}
        </p>
      </div>
      {open && (
        <div className="row-actions">
          <CopyButton text={invitationLink(id)} label="Copy link" />
          {may('invitation:create') && (
            <Button
              kind="quiet"
              disabled={busy}
              onClick={onAgain}
              aria-label={sendsMail ? `Send again to ${email}` : `Renew the invitation of ${email}`}
            >
              {sendsMail ? 'Send again' : 'Renew'}
            </Button>
          )}
          {may('invitation:cancel') && (
            <Button kind="quiet" onClick={onTakeBack} aria-label={`Take back the invitation of ${email}`}>
              Take back
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
