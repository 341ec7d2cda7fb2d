import { Link } from 'react-router';
import type { JobState, Queue } from '../../api/types';
import { compact, count } from '../../format/format';
import { jobStateLabel } from '../../ui/StatusBadge';
import { queuePath } from '../queue/paths';
import { Sparkline } from './Sparkline';

/** In the order of a job's life. */
const SHOWN: readonly JobState[] = ['waiting', 'delayed', 'active', 'completed', 'failed'];

export function QueueRow({ queue }: { queue: Queue }) {
  return (
    <li className="queue-row">
      <div className="queue-row-name">
        <Link to={queuePath(queue.name)} className="row-link">
          {queue.name}
        </Link>
        {queue.paused && <span className="tag tag-strong">paused</span>}
        {queue.concurrency != null && <span className="tag">at most {count(queue.concurrency)} at once</span>}
      </div>
      <Sparkline queue={queue.name} />
      <dl className="queue-counts">
        {SHOWN.map((state) => (
          <div
            key={state}
            className={queue.counts[state] === 0 ? 'queue-count-none' : `queue-count-${state}`}
          >
            <dt>{jobStateLabel(state)}</dt>
            <dd title={count(queue.counts[state])}>{compact(queue.counts[state])}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
