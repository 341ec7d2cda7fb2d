import { useState } from 'react';
import { inviteMembers } from '../../api/organization';
import { useSendsMail } from '../../app/signInOptions';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { InviteResults } from './InviteResults';
import { addressesIn, isAddress } from './permissions';
import { RolePicker } from './RolePicker';
import { useOrganization } from './useOrganization';

const MOST = 50;
const NAMED_WRONG = 5;

interface Values {
  emails: string[];
  roles: string[];
  team: string;
}

/** One address or many, and what became of each. */
export function InviteForm() {
  const { organization, changed } = useOrganization();
  const sendsMail = useSendsMail();
  const [text, setText] = useState('');
  const [roles, setRoles] = useState<string[]>(['member']);
  const [team, setTeam] = useState('');
  const [results, setResults] = useState<Awaited<ReturnType<typeof inviteMembers>>>();
  const { form, run, busy, errors, error } = useSubmit({
    check: ({ emails, roles: chosen }: Values) => ({
      emails: addressFault(emails),
      role: chosen.length === 0 ? 'Choose a role' : undefined,
    }),
    send: ({ emails, roles: chosen, team: into }: Values) =>
      inviteMembers(emails, { role: chosen, teamId: into || undefined }),
    onDone: async (answered) => {
      setResults(answered);
      // What was refused stays, to be corrected.
      setText(
        answered
          .filter(({ invitation }) => !invitation)
          .map(({ email }) => email)
          .join('\n'),
      );
      await changed();
    },
  });
  return (
    <section className="invite" aria-labelledby="invite">
      <h2 id="invite">Invite people</h2>
      <form
        ref={form}
        className="setting-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setResults(undefined);
          run({ emails: addressesIn(text), roles, team });
        }}
      >
        <ProblemBanner error={error} title="Nobody was invited" />
        <Field
          label="Addresses"
          error={errors.emails}
          hint="One or many, as you have them: with commas, spaces or lines between"
        >
          {(attributes) => (
            <textarea
              {...attributes}
              rows={3}
              maxLength={15_000}
              spellCheck={false}
              autoCapitalize="none"
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <RolePicker legend="Roles" chosen={roles} onChange={setRoles} error={errors.role} />
        {organization.teams.length > 0 && (
          <Field label="Team">
            {(attributes) => (
              <select {...attributes} value={team} onChange={(event) => setTeam(event.target.value)}>
                <option value="">None</option>
                {organization.teams.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Button className="setting-button" type="submit" kind="primary" icon="mail" busy={busy}>
          {sendsMail ? 'Send invitations' : 'Create invitations'}
        </Button>
      </form>
      {results && <InviteResults results={results} />}
    </section>
  );
}

function addressFault(emails: readonly string[]): string | undefined {
  if (emails.length === 0) return 'Enter an address';
  const wrong = emails.filter((email) => !isAddress(email));
  if (wrong.length > 0) {
    const named = wrong.slice(0, NAMED_WRONG).map((word) => `“${word}”`);
    const more = wrong.length > NAMED_WRONG ? ` and ${wrong.length - NAMED_WRONG} more` : '';
    return wrong.length === 1
      ? `${named[0]} is not an email address`
      : `These are not email addresses: ${named.join(', ')}${more}`;
  }
  return emails.length > MOST ? `At most ${MOST} at once; these are ${emails.length}` : undefined;
}
