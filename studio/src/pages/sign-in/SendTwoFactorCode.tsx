import { useMutation } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { sendMailCode } from '../../api/twoFactor';
import { Button } from '../../ui/Button';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { isOver, startPath } from './challenge';

interface Props {
  target: string;
  onSent: () => void;
}

/** A mail is sent when it is asked for: loading the page again sends no other. */
export function SendTwoFactorCode({ target, onSent }: Props) {
  const { mutate, isPending, error } = useMutation({ mutationFn: sendMailCode, onSuccess: onSent });
  if (isOver(error)) {
    return <Navigate to={startPath(error, target)} replace />;
  }
  return (
    <>
      <p>We send a code of six digits to your address.</p>
      <ProblemBanner error={error} title="The mail was not sent" />
      <Button kind="primary" icon="mail" busy={isPending} onClick={() => mutate()}>
        Send the code
      </Button>
    </>
  );
}
