import { useState } from 'react';
import type { User } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { userName } from './UserRow';

const DAY = 86_400;
const LENGTHS = [
  { label: 'Until somebody lets them in again', seconds: undefined },
  { label: 'A day', seconds: DAY },
  { label: 'A week', seconds: 7 * DAY },
  { label: '30 days', seconds: 30 * DAY },
  { label: 'A year', seconds: 365 * DAY },
];

interface Ban {
  reason: string;
  seconds: number | undefined;
}

interface Props {
  user: User;
  send: (ban: Ban) => Promise<unknown>;
  onDone: () => unknown;
  onClose: () => void;
}

export function BanDialog({ user, send, onDone, onClose }: Props) {
  const [reason, setReason] = useState('');
  const [length, setLength] = useState(0);
  const { form, run, busy, errors, error } = useSubmit({
    check: () => ({ banReason: undefined }),
    send,
    onDone,
  });
  return (
    <Dialog title={`Ban ${userName(user)}?`} onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ reason: reason.trim(), seconds: LENGTHS[length]?.seconds });
        }}
      >
        <div className="dialog-body">
          <p>All their sessions end at once, and their keys open nothing meanwhile.</p>
          <ProblemBanner error={error} title="Not banned" />
          <Field label="Reason" error={errors.banReason} hint="For administrators; the user does not see it">
            {(attributes) => (
              <textarea
                {...attributes}
                rows={2}
                maxLength={500}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            )}
          </Field>
          <Field label="For how long">
            {(attributes) => (
              <select
                {...attributes}
                value={length}
                onChange={(event) => setLength(Number(event.target.value))}
              >
                {LENGTHS.map(({ label }, index) => (
                  <option key={label} value={index}>
                    {label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="danger" busy={busy}>
            Ban
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
