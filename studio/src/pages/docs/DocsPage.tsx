import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useLocation } from 'react-router';
import { answer, api } from '../../api/client';
import { messageOf } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Skeleton } from '../../ui/Skeleton';
import type { Operation } from './openapi';
import { operations } from './openapi';
import { OperationView } from './OperationView';
import './docs.css';

export function DocsPage() {
  useTitle('API reference');
  const { hash } = useLocation();
  const [words, setWords] = useState('');
  const query = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }): Promise<unknown> => answer(api.GET('/openapi.json', { signal })),
    staleTime: Infinity,
  });
  const all = useMemo(() => operations(query.data), [query.data]);
  const groups = useMemo(() => grouped(all.filter((each) => matches(each, words))), [all, words]);
  useEffect(() => {
    if (all.length > 0 && hash) {
      document.getElementById(hash.slice(1))?.scrollIntoView();
    }
  }, [all, hash]);
  return (
    <div className="page docs">
      <header className="page-head">
        <h1>API reference</h1>
        <a className="button button-plain" href="/openapi.json">
          OpenAPI 3.1
        </a>
      </header>
      <p className="docs-intro">
        JSON over HTTP. Send <code>Authorization: Bearer ms_…</code> with a key. Errors are problem documents
        (RFC 9457); lists take <code>limit</code> and <code>cursor</code>; an <code>Idempotency-Key</code>{' '}
        makes a creating request safe to repeat. Events come as Server-Sent Events, and over a WebSocket at{' '}
        <code>/ws</code>: send <code>{'{"type":"subscribe","taskId":"*"}'}</code>.
      </p>
      <div className="filters">
        <label className="search">
          <span className="visually-hidden">Find an endpoint</span>
          <input
            type="search"
            placeholder="Find an endpoint"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      </div>
      {query.error && <Banner tone="error">{messageOf(query.error)}</Banner>}
      {query.isPending && <Skeleton lines={8} label="Loading the reference" />}
      {groups.map(([group, members]) => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{group}</h2>
          {members.map((operation) => (
            <OperationView
              key={operation.id}
              document={query.data}
              operation={operation}
              initiallyOpen={hash === `#${operation.id}`}
            />
          ))}
        </section>
      ))}
    </div>
  );
}

function matches(operation: Operation, words: string): boolean {
  const text = `${operation.method} ${operation.path} ${operation.summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function grouped(all: Operation[]): [string, Operation[]][] {
  const groups = new Map<string, Operation[]>();
  for (const operation of all) {
    groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
  }
  // Tasks are what most come for; health and the like are last.
  return [...groups].sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b));
}

function rank(group: string): number {
  return { tasks: 0, keys: 1, auth: 2 }[group] ?? (group === 'health' || group === 'actuator' ? 9 : 5);
}
