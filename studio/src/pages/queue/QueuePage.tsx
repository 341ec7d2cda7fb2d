import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { messageOf } from '../../api/problem';
import { getQueue } from '../../api/queues';
import type { Queue } from '../../api/types';
import { isJobState, JOB_STATES } from '../../api/types';
import { useMay } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { compact } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { NotLoaded } from '../../ui/NotLoaded';
import { jobStateLabel } from '../../ui/StatusBadge';
import { Tabs } from '../../ui/Tabs';
import { AddJobDialog } from './AddJobDialog';
import { BulkActions } from './bulk/BulkActions';
import { BulkActionsNow } from './bulk/BulkActionsNow';
import { BulkButtons } from './bulk/BulkButtons';
import { Groups } from './Groups';
import { JobList } from './JobList';
import { limitsOfQueue } from './LimitDialog';
import { limitWords } from './limits';
import { Metrics } from './metrics/Metrics';
import type { QueueView } from './paths';
import { viewPath } from './paths';
import { QueueActions } from './QueueActions';
import { REFRESH_MILLIS } from './refresh';
import { Schedulers } from './Schedulers';
import { listParams, searchOf } from './search';
import { SearchJobs } from './SearchJobs';
import { Workers } from './Workers';
import './queue.css';

const ALL = 'all';

const VIEWS: readonly { id: QueueView; label: string }[] = [
  { id: 'jobs', label: 'Jobs' },
  { id: 'metrics', label: 'Metrics' },
  { id: 'workers', label: 'Workers' },
  { id: 'schedulers', label: 'Schedulers' },
  { id: 'groups', label: 'Groups' },
  { id: 'bulk-actions', label: 'Bulk actions' },
];

export function QueuePage() {
  const { queue = '' } = useParams();
  useTitle(queue);
  const query = useQuery({
    queryKey: ['queue', queue],
    queryFn: ({ signal }) => getQueue(queue, signal),
    refetchInterval: REFRESH_MILLIS,
  });
  return query.data ? (
    <LoadedQueue key={queue} queue={query.data} lost={query.error} />
  ) : (
    <NotLoaded what="queue" error={query.error} />
  );
}

function LoadedQueue({ queue, lost }: { queue: Queue; lost: Error | null }) {
  const [params, setParams] = useSearchParams();
  const [adding, setAdding] = useState(false);
  const mayAdd = useMay('queues:write');
  const mayOperate = useMay('queues:operate');
  const word = params.get('state');
  const only = isJobState(word) ? word : undefined;
  const state = only ?? ALL;
  const search = searchOf(params);
  const view = VIEWS.find(({ id }) => id === params.get('view'))?.id ?? 'jobs';
  const total = Object.values(queue.counts).reduce((sum, count) => sum + count, 0);
  const tabs = [
    { id: ALL, label: `All ${compact(total)}` },
    ...JOB_STATES.map((id) => ({ id, label: `${jobStateLabel(id)} ${compact(queue.counts[id])}` })),
  ];
  return (
    <div className="page">
      <p className="crumbs">
        <Link to="/queues">Queues</Link>
      </p>
      <header className="page-head queue-head">
        <h1 className="break">{queue.name}</h1>
        {queue.paused && <span className="tag tag-strong">paused</span>}
        {limitWords(limitsOfQueue(queue)).map((words) => (
          <span key={words} className="tag">
            {words}
          </span>
        ))}
        <div className="page-actions">
          {mayOperate && <QueueActions queue={queue} />}
          {mayAdd && (
            <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
              New job
            </Button>
          )}
        </div>
      </header>
      {lost && <Banner tone="error">{messageOf(lost)}</Banner>}
      <nav className="views" aria-label="Views of the queue">
        {VIEWS.map(({ id, label }) => (
          <Link
            key={id}
            to={viewPath(queue.name, id)}
            aria-current={id === view ? 'page' : undefined}
            replace
          >
            {label}
          </Link>
        ))}
      </nav>
      {view === 'bulk-actions' ? <BulkActions queue={queue.name} /> : <BulkActionsNow queue={queue.name} />}
      {view === 'metrics' && <Metrics queue={queue.name} />}
      {view === 'workers' && <Workers queue={queue.name} />}
      {view === 'schedulers' && <Schedulers queue={queue.name} />}
      {view === 'groups' && <Groups queue={queue.name} />}
      {view === 'jobs' && (
        <>
          <SearchJobs
            queue={queue.name}
            search={search}
            onSearch={(wanted) => setParams(listParams(only, wanted), { replace: true })}
          />
          <Tabs
            label="Jobs by state"
            tabs={tabs}
            selected={state}
            onSelect={(id) => setParams(listParams(id === ALL ? undefined : id, search), { replace: true })}
          >
            {mayOperate && only && <BulkButtons queue={queue} state={only} search={search} />}
            <JobList queue={queue.name} state={only} search={search} />
          </Tabs>
        </>
      )}
      {adding && <AddJobDialog queue={queue.name} onClose={() => setAdding(false)} />}
    </div>
  );
}
