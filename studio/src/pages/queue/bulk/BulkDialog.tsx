import { useState } from 'react';
import { createBulkAction } from '../../../api/queues';
import { randomId } from '../../../api/random';
import type { JobState, Queue } from '../../../api/types';
import { count } from '../../../format/format';
import { ConfirmDialog } from '../../../ui/ConfirmDialog';
import { Field } from '../../../ui/Field';
import type { Search } from '../search';
import { isSearch } from '../search';
import { useQueueAct } from '../useQueueAct';
import type { BulkActionType } from './bulk';
import { effect, jobsWords, verb } from './bulk';

interface Props {
  queue: Queue;
  action: BulkActionType;
  state: JobState;
  search: Search;
  onClose: () => void;
}

/** Asks before something is done to all jobs that match. */
export function BulkDialog({ queue, action, state, search, onClose }: Props) {
  const [reason, setReason] = useState('');
  // A second click, or one after an answer that was lost, makes no second one.
  const [key] = useState(randomId);
  const create = useQueueAct(queue.name, () =>
    createBulkAction(
      queue.name,
      { action, state, ...search, ...(reason.trim() !== '' && { reason: reason.trim() }) },
      key,
    ),
  );
  const jobs = jobsWords(state, search);
  const there = queue.counts[state];
  return (
    <ConfirmDialog
      title={`${verb(action)} all ${jobs}?`}
      confirm={isSearch(search) ? `${verb(action)} all that match` : `${verb(action)} all`}
      busy={create.isPending}
      error={create.error}
      kind={action === 'retry' || action === 'promote' ? 'primary' : 'danger'}
      onConfirm={() => create.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {isSearch(search)
          ? `Of ${count(there)} ${jobsWords(state, {})}, all that match.`
          : `${count(there)} ${there === 1 ? 'job' : 'jobs'} now.`}{' '}
        {effect(action)}
      </p>
      {action === 'cancel' && (
        <Field label="Reason" hint="Part of what each job says it failed for; may be empty">
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              maxLength={1000}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
      )}
      <p className="muted">
        It goes on in the background, also after a restart of the server, and can be ended. Jobs that come
        later are left alone.
      </p>
    </ConfirmDialog>
  );
}
