import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { deleteAccount } from '../../api/account';
import type { Account, User } from '../../api/types';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { MailOnItsWay } from '../../ui/MailOnItsWay';
import { PasswordField } from '../../ui/PasswordField';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { TypedWord } from '../../ui/TypedWord';
import { useSubmit } from '../../ui/useSubmit';
import { hasPassword } from './accounts';

interface Props {
  user: User;
  accounts: Account[];
  locked: boolean;
}

export function DeleteAccount({ user, accounts, locked }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" icon="trash" disabled={locked} onClick={() => setOpen(true)}>
        Delete the account …
      </Button>
      {open && <DeleteDialog user={user} byPassword={hasPassword(accounts)} onClose={() => setOpen(false)} />}
    </>
  );
}

interface DialogProps {
  user: User;
  byPassword: boolean;
  onClose: () => void;
}

function DeleteDialog({ user, byPassword, onClose }: DialogProps) {
  const word = user.email ?? 'delete';
  const [typed, setTyped] = useState('');
  const [password, setPassword] = useState('');
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { form, run, busy, errors, error, done } = useSubmit({
    check: (values: { typed: string; password: string }) => ({
      typed: values.typed.toLowerCase() === word ? undefined : `Type ${word}`,
      password: byPassword && values.password === '' ? 'Enter your password' : undefined,
    }),
    send: (values: { typed: string; password: string }) =>
      deleteAccount(byPassword ? values.password : undefined, '/sign-in?notice=deleted'),
    onDone: async (gone) => {
      if (gone) {
        queries.clear();
        await navigate('/sign-in?notice=deleted', { replace: true });
      }
    },
  });
  if (done) {
    return (
      <Dialog title="Confirm by the link" onClose={onClose}>
        <div className="dialog-body">
          <p role="status">
            <MailOnItsWay what="link" to={user.email ?? ''} /> Opened in this browser within 24 hours, it
            deletes the account.
          </p>
        </div>
        <footer>
          <Button onClick={onClose}>Done</Button>
        </footer>
      </Dialog>
    );
  }
  return (
    <Dialog title="Delete the account?" onClose={onClose}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          run({ typed: typed.trim(), password });
        }}
      >
        <div className="dialog-body">
          <p>All your sessions and keys end, and programs that use them. This cannot be undone.</p>
          <ProblemBanner error={error} title="Not deleted" />
          <TypedWord word={word} value={typed} onChange={setTyped} error={errors.typed} />
          {byPassword && (
            <PasswordField
              label="Your password"
              autoComplete="current-password"
              value={password}
              onChange={setPassword}
              error={errors.password}
            />
          )}
        </div>
        <footer>
          <Button onClick={onClose}>Go back</Button>
          <Button type="submit" kind="danger" busy={busy}>
            Delete for good
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
