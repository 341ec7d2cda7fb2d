import { NavLink, Outlet } from 'react-router';
import './admin.css';

const PARTS = [
  { to: '/admin/users', label: 'Users' },
  { to: '/admin/organizations', label: 'Organizations' },
  { to: '/admin/audit-log', label: 'Audit log' },
  { to: '/admin/mails', label: 'Mails' },
];

/** What whoever runs the instance has. */
export function AdminLayout() {
  return (
    <>
      <nav className="admin-nav" aria-label="Administration">
        {PARTS.map(({ to, label }) => (
          <NavLink key={to} to={to}>
            {label}
          </NavLink>
        ))}
      </nav>
      <Outlet />
    </>
  );
}
