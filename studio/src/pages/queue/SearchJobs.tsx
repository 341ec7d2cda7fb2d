import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { getJob } from '../../api/queues';
import { Icon } from '../../ui/Icon';
import { useShortcuts } from '../../ui/shortcuts';
import { jobPath } from './paths';
import type { Search } from './search';
import { parseSearch, searchWords } from './search';

interface Props {
  queue: string;
  search: Search;
  onSearch: (search: Search) => void;
}

/** Goes to the job of an id, from a log for example, or lists the jobs that have a text in them. */
export function SearchJobs({ queue, search, onSearch }: Props) {
  const words = searchWords(search);
  const [typed, setTyped] = useState(words);
  const [shown, setShown] = useState(words);
  if (shown !== words) {
    // The address has changed, by the browser's back for example.
    setShown(words);
    setTyped(words);
  }
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useShortcuts({ '/': () => field.current?.focus() });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = parseSearch(typed);
    const id = wanted.name === undefined ? wanted.text : undefined;
    const job = id && !id.includes('/') ? await getJob(queue, id).catch(() => undefined) : undefined;
    if (job) void navigate(jobPath(queue, job.id));
    else onSearch(wanted);
  };
  return (
    <form className="filters" role="search" onSubmit={(event) => void submit(event)}>
      <label className="search">
        <Icon name="search" />
        <span className="visually-hidden">Job id or text</span>
        <input
          ref={field}
          type="search"
          placeholder="An id, a text in the job, or name:…"
          maxLength={200}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            if (event.target.value === '') onSearch({});
          }}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
    </form>
  );
}
