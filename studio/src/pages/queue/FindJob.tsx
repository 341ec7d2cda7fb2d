import type { FormEvent } from 'react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { Icon } from '../../ui/Icon';
import { useShortcuts } from '../../ui/shortcuts';
import { jobPath } from './paths';

/** Goes to a job whose id is known, from a log for example. */
export function FindJob({ queue }: { queue: string }) {
  const [id, setId] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useShortcuts({ '/': () => field.current?.focus() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (id.trim() !== '') void navigate(jobPath(queue, id.trim()));
  };
  return (
    <form className="filters" role="search" onSubmit={submit}>
      <label className="search">
        <Icon name="search" />
        <span className="visually-hidden">Job id</span>
        <input
          ref={field}
          type="search"
          placeholder="Go to a job by its id"
          maxLength={255}
          value={id}
          onChange={(event) => setId(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <kbd aria-hidden="true">/</kbd>
      </label>
    </form>
  );
}
