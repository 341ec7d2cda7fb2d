import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChangeEvent, FormEvent } from 'react';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { fieldErrors, messageOf } from '../../api/problem';
import { addJob } from '../../api/queues';
import { randomId } from '../../api/random';
import type { NewJob } from '../../api/types';
import { PRIORITIES } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import type { JobForm } from './newJob';
import { EMPTY_JOB, jobOf } from './newJob';
import { jobPath } from './paths';

interface Props {
  /** Asked for if it is not given. */
  queue?: string;
  onClose: () => void;
}

export function AddJobDialog({ queue, onClose }: Props) {
  const [form, setForm] = useState<JobForm>({ ...EMPTY_JOB, queue: queue ?? '' });
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const request = useRef({ body: '', key: '' });
  const queries = useQueryClient();
  const navigate = useNavigate();
  const add = useMutation({
    mutationFn: (job: NewJob) => addJob(form.queue.trim(), job, keyOf(request.current, job)),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['queues'] });
      onClose();
      void navigate(jobPath(job.queue, job.id));
    },
  });
  const errors = { ...fieldErrors(add.error), ...wrong };
  const typed = (name: keyof JobForm) => ({
    value: form[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
      setForm({ ...form, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = jobOf(form);
    setWrong('errors' in made ? made.errors : {});
    if ('job' in made) add.mutate(made.job);
  };
  return (
    <Dialog title="New job" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          {queue === undefined && (
            <Field label="Queue" hint="Made if it is new" error={errors.queue}>
              {(attributes) => <input {...attributes} {...typed('queue')} maxLength={100} />}
            </Field>
          )}
          <Field label="Name" hint="What kind of job it is" error={errors.name}>
            {(attributes) => <input {...attributes} {...typed('name')} maxLength={255} />}
          </Field>
          <Field label="Data" hint="JSON" error={errors.data}>
            {(attributes) => <textarea {...attributes} {...typed('data')} className="mono" rows={5} />}
          </Field>
          <div className="job-form-row">
            <Field label="Priority" error={errors['opts.priority']}>
              {(attributes) => (
                <select {...attributes} {...typed('priority')}>
                  {PRIORITIES.map((priority) => (
                    <option key={priority}>{priority}</option>
                  ))}
                </select>
              )}
            </Field>
            <Field label="Delay in seconds" error={errors['opts.delay']}>
              {(attributes) => (
                <input {...attributes} {...typed('delaySeconds')} inputMode="numeric" placeholder="0" />
              )}
            </Field>
            <Field label="Attempts" error={errors['opts.attempts']}>
              {(attributes) => (
                <input {...attributes} {...typed('attempts')} inputMode="numeric" placeholder="1" />
              )}
            </Field>
          </div>
          {add.error && <Banner tone="error">{messageOf(add.error)}</Banner>}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={add.isPending}>
            Add job
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The same job once more is the same request: its answer may have been lost. */
function keyOf(request: { body: string; key: string }, job: NewJob): string {
  const body = JSON.stringify(job);
  if (request.body !== body) {
    request.body = body;
    request.key = randomId();
  }
  return request.key;
}
