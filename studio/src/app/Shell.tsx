import { useState } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { isUnauthorized } from '../api/problem';
import { Banner } from '../ui/Banner';
import { ErrorBoundary } from '../ui/ErrorBoundary';
import type { IconName } from '../ui/Icon';
import { Icon } from '../ui/Icon';
import { useShortcuts } from '../ui/shortcuts';
import { ShortcutsDialog } from '../ui/ShortcutsDialog';
import { AccountMenu } from './AccountMenu';
import { ImpersonationBar } from './ImpersonationBar';
import { useOrganizationInAddress } from './useOrganizationInAddress';
import { useCapabilities, useMay, useMe } from './session';
import type { Theme } from './theme';
import { useTheme } from './theme';

const THEMES: Record<Theme, { icon: IconName; label: string }> = {
  system: { icon: 'system', label: 'System theme' },
  light: { icon: 'sun', label: 'Light theme' },
  dark: { icon: 'moon', label: 'Dark theme' },
};

const PAGES: readonly { to: string; label: string; icon: IconName }[] = [
  { to: '/tasks', label: 'Tasks', icon: 'tasks' },
  { to: '/queues', label: 'Queues', icon: 'queues' },
  { to: '/keys', label: 'Keys', icon: 'key' },
  { to: '/docs', label: 'API', icon: 'api' },
];

/** For the instance's administrators. */
const ADMIN = { to: '/admin', label: 'Admin', icon: 'shield' } as const;

export function Shell() {
  const settled = useOrganizationInAddress();
  const me = useMe();
  const pages = useMay('instance:admin') ? [...PAGES, ADMIN] : PAGES;
  const [theme, nextTheme] = useTheme();
  const [help, setHelp] = useState(false);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useShortcuts({ '?': () => setHelp(true), n: () => void navigate('/tasks/new') });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="rail">
        <Link to="/tasks" className="brand">
          <img src="/favicon.svg" width="24" height="24" alt="" />
          <span>Mainstay</span>
        </Link>
        <nav aria-label="Main">
          {pages.map(({ to, label, icon }) => (
            <NavLink key={to} to={to} className="nav-link">
              <Icon name={icon} />
              <span>{label}</span>
            </NavLink>
          ))}
        </nav>
        <div className="rail-end">
          <button
            type="button"
            className="nav-link"
            onClick={nextTheme}
            aria-label={`${THEMES[theme].label}: switch`}
          >
            <Icon name={THEMES[theme].icon} />
            <span>{THEMES[theme].label}</span>
          </button>
          {me.data && <AccountMenu />}
          {isUnauthorized(me.error) && (
            <Link className="nav-link" to="/sign-in">
              <Icon name="user" />
              <span>Sign in</span>
            </Link>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        {me.data && <ImpersonationBar />}
        {me.data && <Limitation />}
        <ErrorBoundary page={pathname}>{settled && <Outlet />}</ErrorBoundary>
      </main>
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

/** What the operator should know about this server. */
function Limitation() {
  const capabilities = useCapabilities();
  if (!capabilities.data) {
    return null;
  }
  const { limitation, modelConfigured, missing } = capabilities.data;
  if (limitation === '' && modelConfigured) {
    return null;
  }
  return (
    <div className="notices">
      {limitation !== '' && (
        <Banner tone="warning" title="Limited server">
          {limitation}
        </Banner>
      )}
      {!modelConfigured && (
        <Banner tone="warning" title="No model">
          {missing}
        </Banner>
      )}
    </div>
  );
}
