import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { Link } from 'react-router';
import { signOut } from '../api/identity';
import { Icon } from '../ui/Icon';
import { visit } from './organization';
import { OrganizationSwitcher } from './OrganizationSwitcher';
import { useMe, useSession } from './session';

export function AccountMenu() {
  const me = useMe();
  const session = useSession();
  const email = session.data?.user.email;
  // Who has come by a mail alone may have given no name yet.
  const name = me.data?.name || email || 'Account';
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const panel = useId();
  const queries = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSettled: () => {
      queries.clear();
      visit('/sign-in');
    },
  });
  useEffect(() => {
    if (!open) return undefined;
    const close = (event: Event) => {
      const outside = event.target instanceof Node && !box.current?.contains(event.target);
      if (outside || (event instanceof KeyboardEvent && event.key === 'Escape')) {
        setOpen(false);
      }
    };
    document.addEventListener('pointerdown', close);
    document.addEventListener('keydown', close);
    return () => {
      document.removeEventListener('pointerdown', close);
      document.removeEventListener('keydown', close);
    };
  }, [open]);
  return (
    <div className="account" ref={box}>
      <button
        type="button"
        className="nav-link"
        aria-label={name}
        aria-expanded={open}
        aria-controls={panel}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" />
        <span>{name}</span>
      </button>
      {open && (
        <div className="account-panel" id={panel}>
          <p>
            <strong>{name}</strong>
            <span className="muted">{email ?? 'No e-mail address'}</span>
          </p>
          <OrganizationSwitcher onSwitched={() => setOpen(false)} />
          <Link className="nav-link" to="/account" onClick={() => setOpen(false)}>
            <Icon name="user" />
            <span>Account</span>
          </Link>
          <button
            type="button"
            className="nav-link"
            onClick={() => leave.mutate()}
            disabled={leave.isPending}
          >
            <Icon name="signOut" />
            <span>Sign out</span>
          </button>
        </div>
      )}
    </div>
  );
}
