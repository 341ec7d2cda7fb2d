import type { FileData } from 'react-diff-view';
import { parseDiff } from 'react-diff-view';

export interface DiffFile {
  /** The path after the change, or before it for a file that was removed. */
  path: string;
  /** The path before, where it is another one. */
  from: string | undefined;
  type: FileData['type'];
  binary: boolean;
  additions: number;
  deletions: number;
  hunks: FileData['hunks'];
}

export interface DiffSummary {
  files: DiffFile[];
  additions: number;
  deletions: number;
  /** The text ends within a file: the server cuts very large diffs. */
  cut: boolean;
}

/** Parses `git diff` output, a file at a time: one that cannot be read does not hide the others. */
export function summarize(diff: string): DiffSummary {
  const sections = diff.split(/^(?=diff --git )/m).filter((section) => section.startsWith('diff --git '));
  const files = sections.flatMap(file);
  return {
    files,
    additions: sum(files, (each) => each.additions),
    deletions: sum(files, (each) => each.deletions),
    cut: diff !== '' && !diff.endsWith('\n'),
  };
}

function file(section: string): DiffFile[] {
  const data = parsed(section);
  if (!data) {
    return [];
  }
  const header = section.split(/^@@ /m, 1)[0] ?? '';
  const type = typeOf(data);
  const changes = data.hunks.flatMap((hunk) => hunk.changes);
  const before = named(header, '--- ') ?? data.oldPath;
  const after = named(header, '+++ ') ?? data.newPath;
  return [
    {
      path: type === 'delete' ? before : after,
      from: type === 'rename' || type === 'copy' ? before : undefined,
      type,
      binary: /^(Binary files |GIT binary patch)/m.test(header),
      additions: changes.filter((change) => change.type === 'insert').length,
      deletions: changes.filter((change) => change.type === 'delete').length,
      hunks: data.hunks,
    },
  ];
}

function parsed(section: string): FileData | undefined {
  try {
    return parseDiff(section)[0];
  } catch {
    // Cut off within its header.
    return undefined;
  }
}

/** The parser takes binary files for modified ones; an absent side has a revision of zeros. */
function typeOf(data: FileData): FileData['type'] {
  if (data.type !== 'modify') return data.type;
  if (/^0+$/.test(data.oldRevision)) return 'add';
  return /^0+$/.test(data.newRevision) ? 'delete' : 'modify';
}

/** The path in a header line. Git quotes unusual ones as C does, with the bytes of UTF-8 in octal. */
function named(header: string, mark: string): string | undefined {
  const line = header.split('\n').find((each) => each.startsWith(mark));
  const path = line?.slice(mark.length).replace(/\t$/, '');
  if (!path || path === '/dev/null') return undefined;
  return path.startsWith('"') ? unquoted(path.slice(1, -1)).slice(2) : path.slice(2);
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

function unquoted(path: string): string {
  const percent = encodeURIComponent(path).replace(
    /%5C(?:([0-3][0-7]{2})|(%5C|%22|[a-z]))/g,
    (_, octal: string | undefined, letter: string | undefined) =>
      octal
        ? `%${Number.parseInt(octal, 8).toString(16).padStart(2, '0')}`
        : encodeURIComponent(ESCAPES[letter ?? ''] ?? decodeURIComponent(letter ?? '')),
  );
  try {
    return decodeURIComponent(percent);
  } catch {
    return path;
  }
}

function sum(files: DiffFile[], figure: (file: DiffFile) => number): number {
  return files.reduce((total, each) => total + figure(each), 0);
}
