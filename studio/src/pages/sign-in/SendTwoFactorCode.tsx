import { useMutation } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { sendMailCode } from '../../api/twoFactor';
import { useSendsMail } from '../../app/signInOptions';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { isOver, startPath } from './challenge';

interface Props {
  target: string;
  onSent: () => void;
}

/** A mail is sent when it is asked for: loading the page again sends no other. */
export function SendTwoFactorCode({ target, onSent }: Props) {
  const sendsMail = useSendsMail();
  const { mutate, isPending, error } = useMutation({ mutationFn: sendMailCode, onSuccess: onSent });
  if (isOver(error)) {
    return <Navigate to={startPath(error, target)} replace />;
  }
  return (
    <>
      <p>
        {sendsMail
          ? 'We send a code of six digits to your address.'
          : 'This server sends no email: the code of six digits is written to its log, and an administrator finds it under Admin › Mails.'}
      </p>
      <ProblemBanner error={error} title="The mail was not sent" />
      <Button kind="primary" icon="mail" busy={isPending} onClick={() => mutate()}>
        {sendsMail ? 'Send the code' : 'Get a code'}
      </Button>
    </>
  );
}
