import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { addDomain, verifyDomain } from '../../api/organization';
import type { Domain } from '../../api/types';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SendAgain } from '../../ui/SendAgain';
import { useSubmit } from '../../ui/useSubmit';
import { ModeField } from './ModeField';
import { useOrganization } from './useOrganization';

export function DomainRow({ domain, onRemove }: { domain: Domain; onRemove: () => void }) {
  const { changed } = useOrganization();
  const set = useMutation({
    mutationFn: (mode: Domain['mode']) => addDomain({ domain: domain.domain, mode }),
    onSuccess: changed,
  });
  return (
    <li className="domain-row">
      <div className="domain-head">
        <p>
          <strong className="break">{domain.domain}</strong>{' '}
          <span className={domain.verified ? 'tag' : 'tag tag-strong'}>
            {domain.verified ? 'proved' : 'not proved yet'}
          </span>
        </p>
        <Button kind="quiet" onClick={onRemove} aria-label={`Remove ${domain.domain}`}>
          Remove
        </Button>
      </div>
      <ProblemBanner error={set.error} title="Not changed" />
      {domain.verified ? (
        <ModeField
          label={`People with an address at ${domain.domain}`}
          mode={domain.mode}
          disabled={set.isPending}
          onChange={(mode) => set.mutate(mode)}
        />
      ) : (
        <ProveDomain domain={domain} />
      )}
    </li>
  );
}

function ProveDomain({ domain }: { domain: Domain }) {
  const { changed } = useOrganization();
  const [code, setCode] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({ otp: given === '' ? 'Enter the code of the mail' : undefined }),
    send: (given: string) => verifyDomain(domain.id, given),
    onDone: changed,
  });
  return (
    <form
      ref={form}
      className="setting-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        run(code.trim());
      }}
    >
      <p className="muted">Until then nobody joins by it. The code is in the mail to the domain’s mailbox.</p>
      <ProblemBanner error={error} title="Not proved" />
      <Field label={`Code for ${domain.domain}`} error={errors.otp}>
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            className="mono"
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={200}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
      </Field>
      <div className="actions">
        <Button type="submit" kind="primary" busy={busy}>
          Prove it
        </Button>
        <SendAgain
          label="Send another code"
          send={() => addDomain({ domain: domain.domain, mode: domain.mode })}
        />
      </div>
    </form>
  );
}
