import { duration, fullTime, relative } from '../format/format';
import { useNow } from './useNow';

export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={fullTime(at)}>
      {relative(at, now)}
    </time>
  );
}

/** The time from one moment to another, or until now. */
export function Elapsed({ from, to }: { from: string; to?: string | undefined }) {
  const now = useNow();
  const end = to ? Date.parse(to) : now;
  return <>{duration(end - Date.parse(from))}</>;
}
