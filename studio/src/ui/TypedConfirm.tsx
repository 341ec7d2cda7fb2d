import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ProblemBanner } from './ProblemBanner';
import { TypedWord } from './TypedWord';
import { useSubmit } from './useSubmit';

interface Props {
  title: string;
  /** What has to be typed. */
  word: string;
  confirm: string;
  /** What did not happen. */
  failure: string;
  send: () => Promise<unknown>;
  onDone: () => unknown;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before what takes much away: by a word that nobody types by accident. */
export function TypedConfirm({ title, word, confirm, failure, send, onDone, onClose, children }: Props) {
  const [typed, setTyped] = useState('');
  const { form, run, busy, errors, error } = useSubmit({
    check: (given: string) => ({ typed: given === word ? undefined : `Type ${word}` }),
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
          run(typed.trim());
        }}
      >
        <div className="dialog-body">
          {children}
          <ProblemBanner error={error} title={failure} />
          <TypedWord word={word} value={typed} onChange={setTyped} error={errors.typed} />
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="danger" busy={busy}>
            {confirm}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
