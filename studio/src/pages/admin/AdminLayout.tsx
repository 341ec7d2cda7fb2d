import { NavLink, Outlet } from 'react-router';
import { useSendsMail } from '../../app/signInOptions';
import { Banner } from '../../ui/Banner';
import './admin.css';

const PARTS = [
  { to: '/admin/users', label: 'Users' },
  { to: '/admin/organizations', label: 'Organizations' },
  { to: '/admin/audit-log', label: 'Audit log' },
  { to: '/admin/mails', label: 'Mails' },
];

/** The pages of the instance's administrators. */
export function AdminLayout() {
  const sendsMail = useSendsMail();
  return (
    <>
      <nav className="admin-nav" aria-label="Administration">
        {PARTS.map(({ to, label }) => (
          <NavLink key={to} to={to}>
            {label}
          </NavLink>
        ))}
      </nav>
      {!sendsMail && (
        <div className="notices">
          <Banner tone="warning" title="No mail server">
            Links and codes are not sent. They are in the server&apos;s log, and here under{' '}
            <NavLink to="/admin/mails">Mails</NavLink>. Set MAINSTAY_SMTP_URL to send them.
          </Banner>
        </div>
      )}
      <Outlet />
    </>
  );
}
