import type { ReactNode } from 'react';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { ProblemBanner } from './ProblemBanner';

interface Props {
  title: string;
  confirm: string;
  busy: boolean;
  error: unknown;
  /** Of the button that does it. */
  kind?: 'danger' | 'primary';
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before what cannot be undone, or touches much. */
export function ConfirmDialog({
  title,
  confirm,
  busy,
  error,
  kind = 'danger',
  onConfirm,
  onClose,
  children,
}: Props) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog-body">
        {children}
        <ProblemBanner error={error} title="Not done" />
      </div>
      <footer>
        <Button onClick={onClose}>Go back</Button>
        <Button kind={kind} busy={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </footer>
    </Dialog>
  );
}
