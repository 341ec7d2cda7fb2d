import type { ChangeEvent, FormEvent } from 'react';
import { useState } from 'react';
import { fieldErrors, messageOf } from '../../api/problem';
import { putScheduler } from '../../api/queues';
import type { JobScheduler, NewScheduler } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import type { SchedulerForm } from './scheduler';
import { formOf, schedulerOf } from './scheduler';
import { useQueueAct } from './useQueueAct';

interface Props {
  queue: string;
  /** The one to change; a new one without. */
  scheduler?: JobScheduler | undefined;
  onClose: () => void;
}

export function SchedulerDialog({ queue, scheduler, onClose }: Props) {
  const [form, setForm] = useState(() => formOf(scheduler, Intl.DateTimeFormat().resolvedOptions().timeZone));
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const put = useQueueAct(queue, (body: NewScheduler) => putScheduler(queue, form.id.trim(), body));
  const errors = { ...fieldErrors(put.error), ...wrong };
  const typed = (name: keyof SchedulerForm) => ({
    value: form[name],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>) =>
      setForm({ ...form, [name]: event.target.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const made = schedulerOf(form, scheduler);
    setWrong('errors' in made ? made.errors : {});
    if ('scheduler' in made) put.mutate(made.scheduler, { onSuccess: onClose });
  };
  return (
    <Dialog title={scheduler ? `Change “${scheduler.id}”` : 'New scheduler'} onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div className="dialog-body">
          {!scheduler && (
            <Field label="Id" error={errors.id}>
              {(attributes) => <input {...attributes} {...typed('id')} maxLength={200} />}
            </Field>
          )}
          <Field label="Name" hint="What kind of job it adds" error={errors['template.name']}>
            {(attributes) => <input {...attributes} {...typed('name')} maxLength={255} />}
          </Field>
          <Field label="When">
            {(attributes) => (
              <select {...attributes} {...typed('kind')}>
                <option value="pattern">By a cron pattern</option>
                <option value="every">At an interval</option>
              </select>
            )}
          </Field>
          {form.kind === 'pattern' ? (
            <div className="limit-row">
              <Field label="Pattern" hint="[second] minute hour day month weekday" error={errors.pattern}>
                {(attributes) => <input {...attributes} {...typed('pattern')} className="mono" />}
              </Field>
              <Field label="Time zone" error={errors.tz}>
                {(attributes) => <input {...attributes} {...typed('tz')} />}
              </Field>
            </div>
          ) : (
            <Field label="Interval in seconds" error={errors.every}>
              {(attributes) => <input {...attributes} {...typed('everySeconds')} inputMode="decimal" />}
            </Field>
          )}
          <Field label="Jobs in all" hint="Any number if empty" error={errors.limit}>
            {(attributes) => <input {...attributes} {...typed('limit')} inputMode="numeric" />}
          </Field>
          <Field label="Data" hint="JSON" error={errors['template.data']}>
            {(attributes) => <textarea {...attributes} {...typed('data')} className="mono" rows={4} />}
          </Field>
          {put.error && <Banner tone="error">{messageOf(put.error)}</Banner>}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button kind="primary" type="submit" busy={put.isPending}>
            {scheduler ? 'Change it' : 'Make the scheduler'}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
