import { useSearchParams } from 'react-router';
import { ApiError } from '../../api/problem';
import { useTitle } from '../../app/useTitle';
import { Banner } from '../../ui/Banner';
import { NotLoaded } from '../../ui/NotLoaded';
import { Tabs } from '../../ui/Tabs';
import { AuditTab } from './AuditTab';
import { DomainsTab } from './DomainsTab';
import { GeneralTab } from './GeneralTab';
import { InvitationsTab } from './InvitationsTab';
import { MembersTab } from './MembersTab';
import './organization.css';
import { RolesTab } from './RolesTab';
import { TeamsTab } from './TeamsTab';
import { OrganizationProvider, useLoadOrganization } from './useOrganization';

const TABS = [
  { id: 'general', label: 'General' },
  { id: 'members', label: 'Members' },
  { id: 'invitations', label: 'Invitations' },
  { id: 'roles', label: 'Roles' },
  { id: 'teams', label: 'Teams' },
  { id: 'domains', label: 'Domains' },
  { id: 'audit', label: 'Audit log' },
] as const;

/** The organization in which the session acts. */
export function OrganizationPage() {
  useTitle('Organization');
  const [query, setQuery] = useSearchParams();
  const { context, error } = useLoadOrganization();
  if (error instanceof ApiError && error.status === 403) {
    return (
      <div className="page page-narrow">
        <header className="page-head">
          <h1>Organization</h1>
        </header>
        <Banner tone="warning" title="You have signed in by a key">
          To see and change the organization, sign in by mail, password or passkey.
        </Banner>
      </div>
    );
  }
  if (!context) {
    return <NotLoaded what="organization" error={error} />;
  }
  const tabs = TABS.filter(({ id }) => id !== 'audit' || context.may('key:manage'));
  const tab = tabs.find(({ id }) => id === query.get('tab'))?.id ?? 'general';
  const open = (id: string) => setQuery(id === 'general' ? {} : { tab: id }, { replace: true });
  return (
    <OrganizationProvider value={context}>
      <div className="page page-narrow" key={context.organization.id}>
        <header className="page-head">
          <div>
            <h1 className="break">{context.organization.name}</h1>
            <p className="muted">You are {context.own.join(', ')} here.</p>
          </div>
        </header>
        <Tabs label="Parts of the organization" tabs={tabs} selected={tab} onSelect={open}>
          {tab === 'general' && <GeneralTab />}
          {tab === 'members' && <MembersTab />}
          {tab === 'invitations' && <InvitationsTab />}
          {tab === 'roles' && <RolesTab />}
          {tab === 'teams' && <TeamsTab />}
          {tab === 'domains' && <DomainsTab />}
          {tab === 'audit' && <AuditTab />}
        </Tabs>
      </div>
    </OrganizationProvider>
  );
}
