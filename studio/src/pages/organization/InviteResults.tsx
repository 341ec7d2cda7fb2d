import { ApiError } from '../../api/problem';
import type { InvitationResult } from '../../api/types';
import { useSendsMail } from '../../app/signInOptions';
import { explain, problemFields } from '../../format/problems';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';
import { invitationLink } from './InvitationRow';

/** What became of each address. */
export function InviteResults({ results }: { results: readonly InvitationResult[] }) {
  const sendsMail = useSendsMail();
  const sent = results.filter(({ invitation }) => invitation).length;
  return (
    <div className="invite-results" role="status">
      <p>
        {sent} of {results.length}{' '}
        {sendsMail ? 'sent' : 'created. This server sends no email: hand out the links yourself.'}
      </p>
      <ul className="rows">
        {results.map(({ email, invitation, code, message }) => (
          <li key={email} className="member-row member-row-two">
            <div>
              <span className={invitation ? 'added' : 'removed'}>
                <Icon name={invitation ? 'check' : 'close'} />
              </span>{' '}
              <span className="break">{email}</span>
              {!invitation && <p className="field-error">{reason(code ?? '', message ?? '')}</p>}
            </div>
            {invitation && <CopyButton text={invitationLink(invitation.id)} label="Copy link" />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function reason(code: string, message: string): string {
  const word = code.toLowerCase().replaceAll('_', '-');
  if (word === 'user-is-already-a-member-of-this-organization') return 'Is a member already';
  const error = new ApiError(400, { type: word, detail: message });
  const [atField] = Object.values(problemFields(error));
  return atField ?? explain(error, message).title;
}
