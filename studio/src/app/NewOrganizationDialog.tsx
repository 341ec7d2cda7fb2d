import { useState } from 'react';
import { createOrganization } from '../api/organization';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Field } from '../ui/Field';
import { ProblemBanner } from '../ui/ProblemBanner';
import { useSubmit } from '../ui/useSubmit';
import { slugFault, slugOf } from '../format/slug';

interface Props {
  onDone: (result: unknown, made: { slug: string }) => unknown;
  onClose: () => void;
}

export function NewOrganizationDialog({ onDone, onClose }: Props) {
  const [name, setName] = useState('');
  const [written, setWritten] = useState<string>();
  const slug = written ?? slugOf(name);
  const { form, run, busy, errors, error } = useSubmit({
    check: (values: { name: string; slug: string }) => ({
      name: values.name === '' ? 'Give it a name' : undefined,
      slug: slugFault(values.slug),
    }),
    send: createOrganization,
    onDone,
  });
  return (
    <Dialog title="New organization" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ name: name.trim(), slug: slug.trim() });
        }}
      >
        <div className="dialog-body">
          <p>You are its owner, and work in it from then on. Others come by invitation.</p>
          <ProblemBanner error={error} title="Not created" />
          <Field label="Name" error={errors.name}>
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                autoComplete="organization"
                maxLength={100}
                value={name}
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label="Slug" error={errors.slug} hint="Names it in addresses">
            {(attributes) => (
              <input
                {...attributes}
                type="text"
                className="mono"
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                maxLength={100}
                value={slug}
                onChange={(event) => setWritten(event.target.value)}
              />
            )}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Create organization
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
