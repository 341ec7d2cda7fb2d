import { useState } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Field } from './Field';
import { ProblemBanner } from './ProblemBanner';
import { useSubmit } from './useSubmit';

interface Props {
  title: string;
  label: string;
  hint?: string;
  initial?: string;
  confirm: string;
  /** What did not happen. */
  failure: string;
  /** What the API calls the field, for what it says of it. */
  field?: string;
  maxLength?: number;
  send: (name: string) => Promise<unknown>;
  onDone: () => unknown;
  onClose: () => void;
}

/** Asks for one name. */
export function NameDialog({
  title,
  label,
  hint,
  initial = '',
  confirm,
  failure,
  field = 'name',
  maxLength = 100,
  send,
  onDone,
  onClose,
}: Props) {
  const [name, setName] = useState(initial);
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({ [field]: given === '' ? 'Give it a name' : undefined }),
    send,
    onDone,
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run(name.trim());
        }}
      >
        <div className="dialog-body">
          <ProblemBanner error={error} title={failure} />
          <Field label={label} hint={hint} error={errors[field]}>
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                autoComplete="off"
                maxLength={maxLength}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            {confirm}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
