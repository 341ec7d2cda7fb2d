import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listDomains, removeDomain } from '../../api/organization';
import type { Domain } from '../../api/types';
import { Banner } from '../../ui/Banner';
import { ConfirmDialog } from '../../ui/ConfirmDialog';
import { Empty } from '../../ui/Empty';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { AddDomain } from './AddDomain';
import { DomainRow } from './DomainRow';
import { useOrganization } from './useOrganization';

/** Mail domains: what becomes of people who confirm an address there. */
export function DomainsTab() {
  const { may, changed } = useOrganization();
  const [removing, setRemoving] = useState<Domain>();
  const query = useQuery({
    queryKey: ['organization', 'domains'],
    queryFn: ({ signal }) => listDomains(signal),
    enabled: may('organization:update'),
  });
  const remove = useMutation({
    mutationFn: removeDomain,
    onSuccess: async () => {
      await changed();
      setRemoving(undefined);
    },
  });
  if (!may('organization:update')) {
    return (
      <Banner tone="info" title="Not for your role">
        Who may change the organization sees its domains. Ask an admin or an owner.
      </Banner>
    );
  }
  return (
    <>
      <AddDomain />
      <ProblemBanner error={query.error} title="The domains cannot be shown" />
      {query.isPending && <Skeleton lines={2} label="Loading domains" />}
      {query.data?.length === 0 && (
        <Empty title="No domains yet">
          <p>With a domain that is proved, people who have an address there can join by themselves.</p>
        </Empty>
      )}
      {query.data && query.data.length > 0 && (
        <ul className="rows" aria-label="Domains">
          {query.data.map((domain) => (
            <DomainRow key={domain.id} domain={domain} onRemove={() => setRemoving(domain)} />
          ))}
        </ul>
      )}
      {removing && (
        <ConfirmDialog
          title={`Remove ${removing.domain}?`}
          confirm="Remove domain"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(removing.id)}
          onClose={() => {
            remove.reset();
            setRemoving(undefined);
          }}
        >
          <p>Who has joined by it stays. Others join by invitation again.</p>
        </ConfirmDialog>
      )}
    </>
  );
}
