import { useSendsMail } from '../app/signInOptions';

interface Props {
  /** What was asked for. */
  what: 'link' | 'code';
  to: string;
  /** Where the server does not tell whether the address is known: the condition, such as "has an account here". */
  provided?: string;
}

/** Where a message is that was just asked for: in somebody's mailbox, or only in the server's log. */
export function MailOnItsWay({ what, to, provided }: Props) {
  const sends = useSendsMail();
  const address = <strong className="break">{to}</strong>;
  if (sends) {
    return provided ? (
      <>
        If {address} {provided}, a {what} is on its way.
      </>
    ) : (
      <>
        We sent a {what} to {address}.
      </>
    );
  }
  return (
    <>
      This server sends no email.{' '}
      {provided ? (
        <>
          If {address} {provided}, the {what} is
        </>
      ) : (
        <>
          The {what} for {address} is
        </>
      )}{' '}
      in its log, and an administrator finds it under Admin › Mails.
    </>
  );
}
