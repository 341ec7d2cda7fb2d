import type { FormEvent } from 'react';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { limitQueue } from '../../api/queues';
import type { GroupLimits, Queue } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { LimitFields } from './LimitFields';
import { formOf, limitsOf } from './limits';
import { useQueueAct } from './useQueueAct';

type Errors = Record<string, string>;

export function LimitDialog({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const [own, setOwn] = useState(formOf(limitsOfQueue(queue)));
  const [groups, setGroups] = useState(formOf(queue.groupLimits));
  const [wrong, setWrong] = useState<{ own: Errors; groups: Errors }>({ own: {}, groups: {} });
  const set = useQueueAct(queue.name, (limits: Parameters<typeof limitQueue>[1]) =>
    limitQueue(queue.name, limits),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const errors = { own: {}, groups: {} };
    const { concurrency, rate, units } = limitsOf(own, errors.own);
    const ofGroups = limitsOf(groups, errors.groups);
    setWrong(errors);
    if (Object.keys({ ...errors.own, ...errors.groups }).length === 0) {
      set.mutate({ concurrency, rate, units, groups: ofGroups }, { onSuccess: onClose });
    }
  };
  return (
    <Dialog title="Limits" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <fieldset className="limits">
            <legend>The queue</legend>
            <LimitFields form={own} errors={wrong.own} onChange={setOwn} />
          </fieldset>
          <fieldset className="limits">
            <legend>Each group of jobs</legend>
            <LimitFields form={groups} errors={wrong.groups} onChange={setGroups} />
          </fieldset>
          {set.error && <Banner tone="error">{messageOf(set.error)}</Banner>}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={set.isPending}>
            Set the limits
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

export function limitsOfQueue({ concurrency, rateLimit, unitLimit }: Queue): GroupLimits {
  return {
    ...(concurrency != null && { concurrency }),
    ...(rateLimit && { rate: rateLimit }),
    ...(unitLimit && { units: unitLimit }),
  };
}
