import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
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
export function SendAgain({ label = 'Send again', send }: Props) {
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
        {left > 0 ? `${label} in ${left} s` : label}
      </Button>
      <span className="visually-hidden" role="status">
        {again.isSuccess ? 'Sent again' : ''}
      </span>
      {again.error && (
        <p className="field-error" role="alert">
          {explain(again.error, 'Not sent').title}. {explain(again.error, 'Not sent').advice}
        </p>
      )}
    </>
  );
}
