import { useState } from 'react';
import { Decoration, Diff, Hunk } from 'react-diff-view';
import 'react-diff-view/style/index.css';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import type { DiffFile } from './parse';

/** More lines of one file are drawn only when asked for. */
const LINES = 2000;

const TYPES: Record<DiffFile['type'], string> = {
  add: 'new',
  delete: 'removed',
  modify: 'changed',
  rename: 'renamed',
  copy: 'copied',
};

interface Props {
  id: string;
  file: DiffFile;
  initiallyOpen: boolean;
}

export function FileDiff({ id, file, initiallyOpen }: Props) {
  const [open, setOpen] = useState(initiallyOpen);
  const [all, setAll] = useState(false);
  const hunks = all ? file.hunks : withinLimit(file);
  return (
    <section className="file-diff" id={id} aria-label={file.path}>
      <button type="button" className="file-diff-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" />
        <span className="diff-path">
          {file.from && `${file.from} → `}
          {file.path}
        </span>
        <span className="tag">{TYPES[file.type]}</span>
        <span className="added">+{file.additions}</span>
        <span className="removed">−{file.deletions}</span>
      </button>
      {open && (file.binary || file.hunks.length === 0) && (
        <p className="muted file-diff-note">{file.binary ? 'Binary file' : 'No change of content'}</p>
      )}
      {open && hunks.length > 0 && (
        <div className="file-diff-body">
          <Diff viewType="unified" diffType={file.type} hunks={hunks}>
            {(shown) =>
              shown.flatMap((hunk) => [
                <Decoration key={`at ${hunk.content}`}>
                  <span className="hunk-head">{hunk.content}</span>
                </Decoration>,
                <Hunk key={hunk.content} hunk={hunk} />,
              ])
            }
          </Diff>
          {hunks.length < file.hunks.length && (
            <Button kind="quiet" onClick={() => setAll(true)}>
              Show the other {file.hunks.length - hunks.length} sections
            </Button>
          )}
        </div>
      )}
    </section>
  );
}

function withinLimit(file: DiffFile): DiffFile['hunks'] {
  let lines = 0;
  const end = file.hunks.findIndex((hunk) => (lines += hunk.changes.length) > LINES);
  return end < 0 ? file.hunks : file.hunks.slice(0, Math.max(1, end));
}
