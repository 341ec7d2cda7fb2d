import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { messageOf } from '../../../api/problem';
import { getMetrics } from '../../../api/queues';
import { compact, count, duration } from '../../../format/format';
import { Banner } from '../../../ui/Banner';
import { Empty } from '../../../ui/Empty';
import { Skeleton } from '../../../ui/Skeleton';
import { viewPath } from '../paths';
import { Chart } from './Chart';
import { linear, logarithmic } from './scale';
import type { Percentiles, Point, Range } from './series';
import { isRange, pointsOf, rangeStart, stepMinutes } from './series';
import './metrics.css';

const RANGES: readonly { id: Range; label: string }[] = [
  { id: '1h', label: 'Hour' },
  { id: '6h', label: '6 hours' },
  { id: '24h', label: 'Day' },
];

/** A minute is complete some seconds after its end. */
const REFRESH_MILLIS = 10_000;

/** What the queue's workers have done, as far as the server's table of minutes tells. */
export function Metrics({ queue }: { queue: string }) {
  const [params] = useSearchParams();
  const word = params.get('range');
  const range = isRange(word) ? word : '1h';
  const query = useQuery({
    queryKey: ['metrics', queue, range],
    queryFn: async ({ signal }) => {
      const start = rangeStart(range, Date.now());
      return pointsOf(await getMetrics(queue, new Date(start), signal), range, start);
    },
    refetchInterval: REFRESH_MILLIS,
  });
  return (
    <>
      <nav className="views ranges" aria-label="Span of time">
        {RANGES.map(({ id, label }) => (
          <Link
            key={id}
            to={`${viewPath(queue, 'metrics')}&range=${id}`}
            aria-current={id === range ? 'page' : undefined}
            replace
          >
            {label}
          </Link>
        ))}
      </nav>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={5} label="Loading metrics" />}
      {query.data && <Charts points={query.data} range={range} />}
    </>
  );
}

function Charts({ points, range }: { points: readonly Point[]; range: Range }) {
  const step = stepMinutes(range);
  const times = points.map((point) => clock(point.start, range));
  const ended = points.map((point) => point.completed + point.failed);
  const waiting = points.flatMap((point) => point.waiting ?? []);
  const running = points.flatMap((point) => point.running ?? []);
  if (waiting.length === 0 && running.length === 0 && Math.max(...ended) === 0) {
    return (
      <Empty title="Nothing has run">
        <p className="muted">No job of this queue has begun or ended in this time.</p>
      </Empty>
    );
  }
  return (
    <>
      <div className="charts">
        <Chart
          title="Throughput"
          unit={step === 1 ? 'jobs per minute' : `jobs per ${step} minutes`}
          stacked
          lines={[
            { label: 'completed', kind: 'good', values: points.map((point) => point.completed) },
            { label: 'failed', kind: 'bad', values: points.map((point) => point.failed) },
          ]}
          scale={linear(Math.max(...ended))}
          say={compact}
          times={times}
        />
        <Latency
          title="Waiting"
          unit="until the first attempt"
          values={points.map((point) => point.waiting)}
          times={times}
        />
        <Latency
          title="Running"
          unit="time of an attempt"
          values={points.map((point) => point.running)}
          times={times}
        />
      </div>
      <details className="chart-table">
        <summary>As a table</summary>
        <Table points={points} times={times} />
      </details>
    </>
  );
}

function Latency({
  title,
  unit,
  values,
  times,
}: {
  title: string;
  unit: string;
  values: readonly (Percentiles | undefined)[];
  times: readonly string[];
}) {
  return (
    <Chart
      title={title}
      unit={unit}
      lines={[
        { label: 'median', kind: 'typical', values: values.map((one) => one?.p50) },
        { label: '95 %', kind: 'slow', values: values.map((one) => one?.p95) },
      ]}
      scale={logarithmic(values.flatMap((one) => (one ? [one.p50, one.p95] : [])))}
      say={brief}
      times={times}
    />
  );
}

function Table({ points, times }: { points: readonly Point[]; times: readonly string[] }) {
  const cells = (one: Percentiles | undefined) => (
    <>
      <td>{one ? brief(one.p50) : ''}</td>
      <td>{one ? brief(one.p95) : ''}</td>
    </>
  );
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col">Completed</th>
          <th scope="col">Failed</th>
          <th scope="col">Waiting, median</th>
          <th scope="col">95 %</th>
          <th scope="col">Running, median</th>
          <th scope="col">95 %</th>
        </tr>
      </thead>
      <tbody>
        {points
          .map((point, i) => ({ point, time: times[i] }))
          .filter(({ point }) => point.completed + point.failed > 0 || point.waiting || point.running)
          .map(({ point, time }) => (
            <tr key={point.start}>
              <th scope="row">{time}</th>
              <td>{count(point.completed)}</td>
              <td>{count(point.failed)}</td>
              {cells(point.waiting)}
              {cells(point.running)}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Round times of the axis without noughts: 10 s, 1 m. */
function brief(millis: number): string {
  return duration(millis)
    .replace(/\.0 s$/, ' s')
    .replace(/ 00 [sm]$/, '');
}

function clock(start: number, range: Range): string {
  return new Date(start).toLocaleString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    ...(range === '24h' && { weekday: 'short' }),
  });
}
