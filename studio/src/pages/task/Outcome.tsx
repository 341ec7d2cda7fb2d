import type { Task } from '../../api/types';
import { explainError } from '../../format/errors';
import { shortCommit } from '../../format/format';
import { Banner } from '../../ui/Banner';

/** How the task ended: what it left, or why it failed. */
export function Outcome({ task }: { task: Task }) {
  if (task.error) {
    const explanation = explainError(task.error.code);
    return (
      <Banner
        tone={task.status === 'failed' ? 'error' : 'info'}
        title={task.status === 'failed' ? `Failed: ${task.error.code}` : 'Canceled'}
      >
        {task.error.message !== '' && <p>{task.error.message}</p>}
        {explanation && <p>{explanation}</p>}
      </Banner>
    );
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
