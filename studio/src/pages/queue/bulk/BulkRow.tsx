import { messageOf } from '../../../api/problem';
import { endBulkAction } from '../../../api/queues';
import type { BulkAction } from '../../../api/types';
import { useMay } from '../../../app/session';
import { Button } from '../../../ui/Button';
import { RelativeTime } from '../../../ui/Time';
import { useQueueAct } from '../useQueueAct';
import { isUnfinished, progressWords, title } from './bulk';

/** A bulk action, and how far it is. */
export function BulkRow({ action }: { action: BulkAction }) {
  const mayOperate = useMay('queues:operate');
  const end = useQueueAct(action.queue, () => endBulkAction(action.queue, action.id));
  const unfinished = isUnfinished(action);
  return (
    <li className="wide-row">
      <span className="wide-row-main">
        <span className="break">{title(action)}</span>
        <p className="muted">{progressWords(action)}</p>
        {unfinished && (
          <progress
            className="bulk-progress"
            aria-label={title(action)}
            max={Math.max(action.total ?? 0, action.scanned, 1)}
            value={action.status === 'running' ? action.scanned : undefined}
          />
        )}
        {action.error != null && <p className="field-error">{action.error}</p>}
        {end.error && <p className="field-error">{messageOf(end.error)}</p>}
      </span>
      <span className={action.status === 'failed' ? 'tag tag-strong' : 'tag'}>{action.status}</span>
      <span className="muted wide-row-end">
        <RelativeTime at={action.createdAt} />
      </span>
      {unfinished && mayOperate && (
        <span className="wide-row-actions">
          <Button busy={end.isPending} onClick={() => end.mutate()}>
            End
          </Button>
        </span>
      )}
    </li>
  );
}
