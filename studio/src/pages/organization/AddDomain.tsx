import { useState } from 'react';
import type { NewDomain } from '../../api/organization';
import { addDomain } from '../../api/organization';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { ModeField } from './ModeField';
import { useOrganization } from './useOrganization';

const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/i;

export function AddDomain() {
  const { changed } = useOrganization();
  const [domain, setDomain] = useState('');
  const [mode, setMode] = useState<NewDomain['mode']>('request');
  const [mailbox, setMailbox] = useState<'postmaster' | 'admin'>('postmaster');
  const { form, run, busy, errors, error } = useSubmit({
    check: (values: Required<NewDomain>) => ({
      domain: DOMAIN.test(values.domain) ? undefined : 'A domain such as example.com',
    }),
    send: addDomain,
    onDone: () => {
      setDomain('');
      return changed();
    },
  });
  return (
    <section className="invite" aria-labelledby="add-domain">
      <h2 id="add-domain">Add a domain</h2>
      <form
        ref={form}
        className="setting-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ domain: domain.trim().toLowerCase(), mode, mailbox });
        }}
      >
        <ProblemBanner error={error} title="Not added" />
        <Field label="Mail domain" error={errors.domain} hint="What stands behind the @ of your addresses">
          {(attributes) => (
            <input
              {...attributes}
              type="text"
              inputMode="url"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={200}
              placeholder="example.com"
              value={domain}
              onChange={(event) => setDomain(event.target.value)}
            />
          )}
        </Field>
        <ModeField mode={mode} onChange={setMode} />
        <Field
          label="Send the code to"
          hint="A mailbox that belongs to whoever runs the domain. The code proves that you read it."
        >
          {(attributes) => (
            <select
              {...attributes}
              value={mailbox}
              onChange={(event) => setMailbox(event.target.value === 'admin' ? 'admin' : 'postmaster')}
            >
              <option value="postmaster">postmaster@{domain.trim() || '…'}</option>
              <option value="admin">admin@{domain.trim() || '…'}</option>
            </select>
          )}
        </Field>
        <Button className="setting-button" type="submit" kind="primary" busy={busy}>
          Add, and send the code
        </Button>
      </form>
    </section>
  );
}
