import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { messageOf } from '../../../api/problem';
import type { Task } from '../../../api/types';
import { Banner } from '../../../ui/Banner';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Skeleton } from '../../../ui/Skeleton';
import { diffQuery } from './diffQuery';
import { FileDiff } from './FileDiff';
import { summarize } from './parse';
import './diff.css';

/** Files are open at first until this many lines are shown. */
const OPEN_LINES = 1500;

export function DiffTab({ task }: { task: Task }) {
  const query = useQuery(diffQuery(task.id));
  const summary = useMemo(() => summarize(query.data ?? ''), [query.data]);
  if (query.isPending) {
    return <Skeleton lines={6} label="Loading the diff" />;
  }
  if (query.error) {
    return (
      <Banner tone="error" title="The diff is not available">
        {messageOf(query.error)}
      </Banner>
    );
  }
  if (summary.files.length === 0) {
    return (
      <Empty title="No change so far">
        <Button onClick={() => void query.refetch()}>Look again</Button>
      </Empty>
    );
  }
  const open = openFiles(summary.files.map((file) => file.additions + file.deletions));
  return (
    <div className="diff-tab">
      <nav className="diff-files" aria-label="Changed files">
        <p>
          {summary.files.length} {summary.files.length === 1 ? 'file' : 'files'}{' '}
          <span className="added">+{summary.additions}</span>{' '}
          <span className="removed">−{summary.deletions}</span>
        </p>
        <ul>
          {summary.files.map((file, index) => (
            <li key={file.path}>
              <a href={`#file-${index}`}>
                <span className="diff-path">{file.path}</span>
                <span className="added">+{file.additions}</span>
                <span className="removed">−{file.deletions}</span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="diff-view">
        {summary.files.map((file, index) => (
          <FileDiff key={file.path} id={`file-${index}`} file={file} initiallyOpen={open[index] ?? false} />
        ))}
      </div>
    </div>
  );
}

/** Which files are shown at once: from the first on, as long as the page stays small. */
function openFiles(lines: number[]): boolean[] {
  let total = 0;
  return lines.map((count) => {
    total += count;
    return total <= OPEN_LINES;
  });
}
