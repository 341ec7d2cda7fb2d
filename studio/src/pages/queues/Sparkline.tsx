import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { getMetrics } from '../../api/queues';
import { count } from '../../format/format';
import { useInView } from '../../ui/useInView';
import { SPARK_MINUTES, sparkOf, sparkStart } from './spark';

const REFRESH_MILLIS = 60_000;
const HEIGHT = 24;

/** Jobs of a queue that ended within the last hour, minute by minute. Asked for only while it is on the screen. */
export function Sparkline({ queue }: { queue: string }) {
  const element = useRef<HTMLDivElement>(null);
  const { data } = useQuery({
    queryKey: ['metrics', queue, 'spark'],
    queryFn: async ({ signal }) => {
      const start = sparkStart(Date.now());
      return sparkOf(await getMetrics(queue, new Date(start), signal), start);
    },
    enabled: useInView(element),
    refetchInterval: REFRESH_MILLIS,
    staleTime: REFRESH_MILLIS / 2,
  });
  return (
    <div ref={element} className="spark">
      {data && data.completed + data.failed > 0 && (
        <svg
          role="img"
          aria-label={`Last hour: ${count(data.completed)} completed, ${count(data.failed)} failed`}
          viewBox={`0 0 ${SPARK_MINUTES * 2} ${HEIGHT}`}
          preserveAspectRatio="none"
        >
          <title>{`Last hour: ${count(data.completed)} completed, ${count(data.failed)} failed`}</title>
          {data.bars.map(({ completed, failed }, minute) => (
            <g key={minute}>
              <rect
                className="spark-completed"
                x={minute * 2}
                y={HEIGHT * (1 - completed)}
                width={1.4}
                height={HEIGHT * completed}
              />
              <rect
                className="spark-failed"
                x={minute * 2}
                y={HEIGHT * (1 - completed - failed)}
                width={1.4}
                height={HEIGHT * failed}
              />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}
