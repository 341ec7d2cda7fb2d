import type { FormEvent } from 'react';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { limitGroup } from '../../api/queues';
import type { GroupLimits, JobGroup } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { LimitFields } from './LimitFields';
import { formOf, limitsOf } from './limits';
import { useQueueAct } from './useQueueAct';

interface Props {
  queue: string;
  group: JobGroup;
  onClose: () => void;
}

export function GroupLimitDialog({ queue, group, onClose }: Props) {
  const [form, setForm] = useState(formOf(group.limits ?? {}));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const set = useQueueAct<unknown, GroupLimits | undefined>(queue, (limits) =>
    limitGroup(queue, group.id, limits),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const errors: Record<string, string> = {};
    const limits = limitsOf(form, errors);
    setWrong(errors);
    if (Object.keys(errors).length === 0) set.mutate(limits, { onSuccess: onClose });
  };
  return (
    <Dialog title={`Limits of “${group.id}”`} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          <p className="muted">They hold for this group instead of those of every group.</p>
          <div className="limits">
            <LimitFields form={form} errors={wrong} onChange={setForm} />
          </div>
          {set.error && <Banner tone="error">{messageOf(set.error)}</Banner>}
        </div>
        <footer>
          {group.limits && (
            <Button
              kind="danger"
              disabled={set.isPending}
              onClick={() => set.mutate(undefined, { onSuccess: onClose })}
            >
              As every group
            </Button>
          )}
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={set.isPending}>
            Set the limits
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
