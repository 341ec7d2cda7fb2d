import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useSendsMail } from '../app/signInOptions';
import { explain } from '../format/problems';
import { Button } from './Button';
import { useNow } from './useNow';

/** A mail takes a while; asking faster than this only makes more of them. */
const WAIT_SECONDS = 60;

interface Props {
  label?: string;
  send: () => Promise<void>;
}

/** For a mail that was just sent: sends it again, at most once a minute. */
export function SendAgain({ label, send }: Props) {
  const sends = useSendsMail();
  const words = label ?? (sends ? 'Send again' : 'Get another');
  const now = useNow();
  const [sentAt, setSentAt] = useState(() => Date.now());
  const again = useMutation({ mutationFn: send, onSuccess: () => setSentAt(Date.now()) });
  const left = Math.min(WAIT_SECONDS, Math.ceil(WAIT_SECONDS - (now - sentAt) / 1000));
  return (
    <>
      <Button
        className="send-again"
        busy={again.isPending}
        disabled={left > 0}
        onClick={() => again.mutate()}
      >
        {left > 0 ? `${words} in ${left} s` : words}
      </Button>
      <span className="visually-hidden" role="status">
        {again.isSuccess ? (sends ? 'Sent again' : 'There is another in the log') : ''}
      </span>
      {again.error && (
        <p className="field-error" role="alert">
          {explain(again.error, 'Not sent').title}. {explain(again.error, 'Not sent').advice}
        </p>
      )}
    </>
  );
}
