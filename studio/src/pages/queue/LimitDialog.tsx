import type { FormEvent } from 'react';
import { useState } from 'react';
import { fieldErrors, messageOf } from '../../api/problem';
import { limitQueue } from '../../api/queues';
import type { Queue } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { useQueueAct } from './useQueueAct';

export function LimitDialog({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const [limit, setLimit] = useState(queue.concurrency?.toString() ?? '');
  const set = useQueueAct(queue.name, (value: number | undefined) => limitQueue(queue.name, value));
  const value = limit.trim() === '' ? undefined : Number(limit);
  const wrong = value !== undefined && !(Number.isSafeInteger(value) && value > 0);
  const error = wrong ? 'must be a whole number from 1' : fieldErrors(set.error).concurrency;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!wrong) set.mutate(value, { onSuccess: onClose });
  };
  return (
    <Dialog title="Limit concurrency" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <Field label="Active jobs over all workers" hint="Any number if empty" error={error}>
            {(attributes) => (
              <input
                {...attributes}
                inputMode="numeric"
                value={limit}
                onChange={(event) => setLimit(event.target.value)}
              />
            )}
          </Field>
          {set.error && <Banner tone="error">{messageOf(set.error)}</Banner>}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={set.isPending}>
            Set the limit
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
