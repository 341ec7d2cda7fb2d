import type { Task } from '../../api/types';
import { explainError } from '../../format/errors';
import { shortCommit } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { useReveal } from '../../ui/useReveal';

/** How the task ended: what it left, or why it failed. */
export function Outcome({ task }: { task: Task }) {
  if (task.error) {
    return <Failure status={task.status} error={task.error} />;
  }
  if (!task.result) {
    return null;
  }
  const { branch, commit } = task.result;
  return (
    <div className="outcome" role="status">
      {branch && commit ? (
        <>
          Pushed <code title={commit}>{shortCommit(commit)}</code> to <code>{branch}</code>
        </>
      ) : commit ? (
        <>
          Committed <code title={commit}>{shortCommit(commit)}</code>, not pushed
        </>
      ) : (
        'Finished without a change to the repository'
      )}
    </div>
  );
}

function Failure({ status, error }: { status: Task['status']; error: NonNullable<Task['error']> }) {
  const place = useReveal<HTMLDivElement>();
  const explanation = explainError(error.code);
  return (
    <div ref={place} className="failure">
      <Banner
        tone={status === 'failed' ? 'error' : 'info'}
        title={status === 'failed' ? `Failed: ${error.code}` : 'Canceled'}
      >
        {error.message !== '' && <p>{error.message}</p>}
        {explanation && <p>{explanation}</p>}
      </Banner>
    </div>
  );
}
