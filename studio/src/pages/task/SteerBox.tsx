import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { randomId } from '../../api/random';
import { steerTask } from '../../api/tasks';
import { Button } from '../../ui/Button';

/** Says something to the agent; it hears it before its next model call. */
export function SteerBox({ taskId }: { taskId: string }) {
  const [text, setText] = useState('');
  const [key, setKey] = useState(randomId);
  const [waiting, setWaiting] = useState(0);
  const steer = useMutation({
    mutationFn: () => steerTask(taskId, text, key),
    onSuccess: () => {
      setText('');
      setKey(randomId());
      setWaiting(waiting + 1);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '' && !steer.isPending) {
      steer.mutate();
    }
  };
  return (
    <form className="steer" onSubmit={submit} aria-label="Say something to the agent">
      <textarea
        aria-label="Message to the agent"
        placeholder="Say something to the agent …"
        rows={1}
        maxLength={100_000}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setKey(randomId());
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.currentTarget.form?.requestSubmit();
          }
        }}
      />
      <Button type="submit" kind="primary" busy={steer.isPending} disabled={text.trim() === ''}>
        Send
      </Button>
      <p className="steer-note muted" role="status">
        {steer.error ? (
          <span className="field-error">{messageOf(steer.error)}</span>
        ) : (
          waiting > 0 && text === '' && 'Sent: the agent reads it before its next step'
        )}
      </p>
    </form>
  );
}
