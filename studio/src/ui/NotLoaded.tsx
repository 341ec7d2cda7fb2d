import { ApiError, isAway, messageOf } from '../api/problem';
import { Banner } from './Banner';
import { Empty } from './Empty';
import { Skeleton } from './Skeleton';

/** A page whose subject is not there: not yet, not at all, or not for this caller. */
export function NotLoaded({ what, error }: { what: string; error: unknown }) {
  if (error instanceof ApiError && error.status === 404) {
    return (
      <div className="page">
        <Empty title={`There is no such ${what}`} />
      </div>
    );
  }
  if (isAway(error)) {
    return (
      <div className="page">
        <Banner tone="warning" title="The server can’t be reached">
          This page loads as soon as the server answers.
        </Banner>
      </div>
    );
  }
  return (
    <div className="page">
      {error ? (
        <Banner tone="error">{messageOf(error)}</Banner>
      ) : (
        <Skeleton lines={8} label={`Loading the ${what}`} />
      )}
    </div>
  );
}
