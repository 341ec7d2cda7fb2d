import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ApiError, fieldErrors, messageOf } from '../../api/problem';
import { randomId } from '../../api/random';
import { createTask } from '../../api/tasks';
import type { CreateTask } from '../../api/types';
import { useCapabilities } from '../../app/session';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { load, save } from '../../ui/storage';
import { AdvancedFields } from './AdvancedFields';
import type { Errors, TaskForm } from './form';
import { EMPTY_FORM, toRequest } from './form';
import { MainFields } from './MainFields';
import './new-task.css';

const REPOSITORY = 'repository';

export function NewTaskPage() {
  useTitle('New task');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const capabilities = useCapabilities();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState<TaskForm>(() => ({ ...EMPTY_FORM, repoUrl: load(REPOSITORY) ?? '' }));
  const [wrong, setWrong] = useState<Errors>({});
  const idempotencyKey = useIdempotencyKey();
  const create = useMutation({
    mutationFn: (body: CreateTask) => createTask(body, idempotencyKey(body)),
    onSuccess: (task) => {
      save(REPOSITORY, task.repoUrl);
      queries.setQueryData(['task', task.id], task);
      void queries.invalidateQueries({ queryKey: ['tasks'] });
      void navigate(`/tasks/${task.id}`);
    },
  });
  const errors = { ...fieldErrors(create.error), ...wrong };
  // After the render that marks the fields: only then is there one to find.
  useEffect(() => focusFirstError(form.current), [create.error, wrong]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (create.isPending) return;
    const request = toRequest(values);
    if ('errors' in request) {
      create.reset();
      setWrong(request.errors);
      return;
    }
    setWrong({});
    create.mutate(request.body);
  };
  return (
    <div className="page page-narrow">
      <header className="page-head">
        <h1>New task</h1>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- hears what its fields do not take */}
      <form
        ref={form}
        className="task-form"
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
            event.currentTarget.requestSubmit();
          }
        }}
      >
        <MainFields
          values={values}
          errors={errors}
          onChange={(change) => setValues({ ...values, ...change })}
        />
        <AdvancedFields
          values={values}
          errors={errors}
          defaultModel={capabilities.data?.model ?? ''}
          onChange={(change) => setValues({ ...values, ...change })}
        />
        {create.error && <CreateError error={create.error} />}
        <footer className="form-end">
          <Button type="submit" kind="primary" busy={create.isPending}>
            Create task
          </Button>
          <span className="muted">
            <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
        </footer>
      </form>
    </div>
  );
}

function CreateError({ error }: { error: unknown }) {
  if (error instanceof ApiError && error.code === 'no-model') {
    return (
      <Banner tone="error" title="The server has no model">
        {error.message}
      </Banner>
    );
  }
  return (
    <Banner tone="error" title="The task was not created">
      {messageOf(error)}
    </Banner>
  );
}

/** One key for each content of the form: sending the same twice creates one task, even if an answer was lost. */
function useIdempotencyKey(): (body: CreateTask) => string {
  const last = useRef({ body: '', key: '' });
  return (body) => {
    const text = JSON.stringify(body);
    if (last.current.body !== text) {
      last.current = { body: text, key: randomId() };
    }
    return last.current.key;
  };
}

function focusFirstError(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  field?.closest('details')?.setAttribute('open', '');
  field?.focus();
}
