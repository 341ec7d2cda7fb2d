import { useState } from 'react';
import { changeEmail, sendVerification } from '../../api/account';
import type { User } from '../../api/types';
import { useSendsMail } from '../../app/signInOptions';
import { emailFault } from '../../format/email';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { EmailField } from '../../ui/EmailField';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { forgetPendingEmail, notePendingEmail, pendingEmail } from './pendingEmail';

const CALLBACK = '/account?tab=sign-in&notice=email';

interface Props {
  user: User;
  locked: boolean;
  /** By a link about a change of address. */
  arrived: boolean;
}

export function EmailForm({ user, locked, arrived }: Props) {
  const [pending, setPending] = useState(() => pendingEmail(user));
  const waiting = pending === user.email ? undefined : pending;
  const [sentHere, setSentHere] = useState<string>();
  const [email, setEmail] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (address: string) => ({ email: emailFault(address), newEmail: undefined }),
    send: (address: string) => changeEmail(address, CALLBACK),
    onDone: (_, address) => {
      setSentHere(address);
      notePendingEmail(user, address);
      setPending(address);
      setEmail('');
    },
  });
  return (
    <div className="setting-form">
      {user.email && <Present user={user} email={user.email} />}
      {waiting ? (
        <Waiting
          user={user}
          email={waiting}
          // Who comes from a link while one still waits has agreed at the present address.
          agreed={arrived && sentHere === undefined}
          onGiveUp={() => {
            forgetPendingEmail();
            setPending(undefined);
          }}
        />
      ) : (
        <form
          ref={form}
          className="setting-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            run(email.trim().toLowerCase());
          }}
        >
          <ProblemBanner error={error} title="The mail was not sent" />
          <fieldset className="setting-form" disabled={locked}>
            <EmailField
              label={user.email ? 'New address' : 'Your address'}
              autoComplete="email"
              value={email}
              onChange={setEmail}
              error={errors.email ?? errors.newEmail}
              hint="It changes once you open a link that goes there"
            />
            <Button className="setting-button" type="submit" busy={busy}>
              {user.email ? 'Change the address' : 'Set the address'}
            </Button>
          </fieldset>
        </form>
      )}
    </div>
  );
}

function Present({ user, email }: { user: User; email: string }) {
  const sendsMail = useSendsMail();
  return (
    <>
      <p className="present-email">
        <strong className="break">{email}</strong>{' '}
        <span className={user.emailVerified ? 'tag' : 'tag tag-strong'}>
          {user.emailVerified ? 'confirmed' : 'not confirmed'}
        </span>
      </p>
      {!user.emailVerified && (
        <p className="actions">
          <SendAgain
            label={sendsMail ? 'Send the mail again' : 'Get a link'}
            send={() => sendVerification(email, CALLBACK)}
          />
        </p>
      )}
    </>
  );
}

interface WaitingProps {
  user: User;
  email: string;
  agreed: boolean;
  onGiveUp: () => void;
}

/** Who has a confirmed address is asked there first, then at the new one. */
function Waiting({ user, email, agreed, onGiveUp }: WaitingProps) {
  const two = user.emailVerified && !agreed;
  return (
    <>
      <Banner tone="info" title={agreed ? 'One step is left' : 'Waiting for confirmation'}>
        <MailOnItsWay what="link" to={(two && user.email) || email} /> Open it
        {two && (
          <>
            , and then the one for <strong className="break">{email}</strong>
          </>
        )}
        .
      </Banner>
      <div className="actions">
        {!agreed && <SendAgain send={() => changeEmail(email, CALLBACK)} />}
        <Button kind={agreed ? 'plain' : 'quiet'} onClick={onGiveUp}>
          Another address
        </Button>
      </div>
    </>
  );
}
