import { useState } from 'react';
import { rotateKey } from '../../api/keys';
import { randomId } from '../../api/random';
import type { KeyDetails, NewApiKey } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { useSubmit } from '../../ui/useSubmit';
import { keyName } from './OwnedKeyRow';

const OVERLAPS = [
  { label: 'It ends at once', seconds: 0 },
  { label: 'An hour', seconds: 3600 },
  { label: 'A day', seconds: 86_400 },
  { label: '7 days', seconds: 7 * 86_400 },
];

interface Props {
  apiKey: KeyDetails;
  onRotated: (made: NewApiKey) => void;
  onClose: () => void;
}

/** Puts a new key on the same terms in the place of one. */
export function RotateDialog({ apiKey, onRotated, onClose }: Props) {
  const [seconds, setSeconds] = useState(86_400);
  const [idempotencyKey] = useState(randomId);
  const { form, run, busy, error } = useSubmit({
    send: (overlap: number) => rotateKey(apiKey.id, overlap, `${idempotencyKey}-${overlap}`),
    onDone: onRotated,
  });
  return (
    <Dialog title={`Rotate “${keyName(apiKey)}”?`} onClose={onClose}>
      <form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          run(seconds);
        }}
      >
        <div className="dialog-body">
          <p>A new key on the same terms is made. Give it to the programs that use this one.</p>
          <ProblemBanner error={error} title="Not rotated" />
          <Field label="The old key goes on for">
            {(attributes) => (
              <select
                {...attributes}
                value={seconds}
                onChange={(event) => setSeconds(Number(event.target.value))}
              >
                {OVERLAPS.map((one) => (
                  <option key={one.seconds} value={one.seconds}>
                    {one.label}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="primary" busy={busy}>
            Rotate key
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
