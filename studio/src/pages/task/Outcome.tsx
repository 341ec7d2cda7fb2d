import type { ReactNode } from 'react';
import type { Task } from '../../api/types';
import { explainError } from '../../format/errors';
import { shortCommit } from '../../format/format';
import { workLinks } from '../../format/repository';
import { Banner } from '../../ui/Banner';
import { CopyButton } from '../../ui/CopyButton';
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
  const links = workLinks({
    repoUrl: task.repoUrl,
    branch: branch ?? undefined,
    commit: branch ? (commit ?? undefined) : undefined,
    base: task.baseBranch ?? undefined,
  });
  return (
    <div className="outcome" role="status">
      <p>
        {branch && commit ? (
          <>
            Pushed <Place href={links?.commit}>{shortCommit(commit)}</Place> to{' '}
            <Place href={links?.branch}>{branch}</Place>
          </>
        ) : commit ? (
          <>
            Committed <code title={commit}>{shortCommit(commit)}</code>, not pushed
          </>
        ) : (
          'Finished without a change to the repository'
        )}
      </p>
      {commit && (
        <p className="outcome-acts">
          {links?.request && (
            <a className="button button-primary" href={links.request.url} target="_blank" rel="noreferrer">
              {links.request.label}
            </a>
          )}
          {links && (
            <a className="button" href={links.repository} target="_blank" rel="noreferrer">
              Open repository
            </a>
          )}
          {branch && <CopyButton text={branch} label="Copy branch" />}
          <CopyButton text={commit} label="Copy commit" />
        </p>
      )}
    </div>
  );
}

/** A branch or commit, with the page where it can be seen if there is one. */
function Place({ href, children }: { href: string | undefined; children: ReactNode }) {
  const code = <code>{children}</code>;
  return href === undefined ? (
    code
  ) : (
    <a href={href} target="_blank" rel="noreferrer">
      {code}
    </a>
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
