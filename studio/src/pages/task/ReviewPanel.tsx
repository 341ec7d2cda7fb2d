import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useState } from 'react';
import { messageOf } from '../../api/problem';
import { approveTask, rejectTask } from '../../api/tasks';
import type { Task } from '../../api/types';
import { shortCommit } from '../../format/format';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { RelativeTime } from '../../ui/Time';
import { useReveal } from '../../ui/useReveal';
import { diffQuery } from './diff/diffQuery';
import { summarize } from './diff/parse';
import { useAct } from './useAct';

export function ReviewPanel({ task, onShowDiff }: { task: Task; onShowDiff: () => void }) {
  const panel = useReveal<HTMLElement>();
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const approve = useAct(task.id, () => approveTask(task.id));
  const reject = useAct(task.id, () => rejectTask(task.id, reason));
  const diff = useQuery(diffQuery(task.id));
  const summary = diff.data && summarize(diff.data);
  const error = approve.error ?? reject.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === '') {
      setMissing(true);
    } else {
      reject.mutate();
    }
  };
  return (
    <section className="review" ref={panel} aria-label="Review">
      <div className="review-head">
        <h2>The change waits for your review</h2>
        <p className="muted">
          Commit <code>{shortCommit(task.pendingReview?.commit ?? '')}</code>
          {task.pendingReview && (
            <>
              , made <RelativeTime at={task.pendingReview.since} />
            </>
          )}
        </p>
      </div>
      {summary && (
        <ul className="review-files" aria-label="Changed files">
          {summary.files.slice(0, 8).map((file) => (
            <li key={file.path}>
              <code>{file.path}</code>
              <span className="added">+{file.additions}</span>
              <span className="removed">−{file.deletions}</span>
            </li>
          ))}
          {summary.files.length > 8 && <li className="muted">and {summary.files.length - 8} more</li>}
        </ul>
      )}
      {error && <Banner tone="error">{messageOf(error)}</Banner>}
      {rejecting ? (
        <form onSubmit={submit}>
          <Field
            label="Why, and what to do instead"
            hint="The agent reads this and goes on"
            error={missing && reason.trim() === '' ? 'A rejection needs a reason' : undefined}
          >
            {(attributes) => (
              <textarea
                {...attributes}
                rows={3}
                maxLength={100_000}
                // eslint-disable-next-line jsx-a11y/no-autofocus -- the person just asked for this field
                autoFocus
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <div className="review-actions">
            <Button type="submit" kind="danger" busy={reject.isPending}>
              Reject with this reason
            </Button>
            <Button kind="quiet" onClick={() => setRejecting(false)}>
              Go back
            </Button>
          </div>
        </form>
      ) : (
        <div className="review-actions">
          <Button kind="primary" icon="check" busy={approve.isPending} onClick={() => approve.mutate()}>
            Approve and push
          </Button>
          <Button onClick={() => setRejecting(true)}>Reject …</Button>
          <Button kind="quiet" onClick={onShowDiff}>
            Read the diff
          </Button>
        </div>
      )}
    </section>
  );
}
