import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { listAllOrganizations } from '../../api/admin';
import { useTitle } from '../../app/useTitle';
import { Empty } from '../../ui/Empty';
import { LoadMore } from '../../ui/LoadMore';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SearchField } from '../../ui/SearchField';
import { Skeleton } from '../../ui/Skeleton';
import { OrganizationRow } from './OrganizationRow';
import { useSettled } from './useSettled';

export function OrganizationsPage() {
  useTitle('Organizations');
  const [search, setSearch] = useState('');
  const q = useSettled(search.trim());
  const query = useInfiniteQuery({
    queryKey: ['admin', 'organizations', q],
    queryFn: ({ pageParam, signal }) => listAllOrganizations({ q: q || undefined }, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const organizations = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Organizations</h1>
          <p className="muted">Everybody has one of their own, made with the account.</p>
        </div>
      </header>
      <div className="filters">
        <SearchField
          label="Search organizations"
          placeholder="Name or slug"
          value={search}
          onChange={setSearch}
        />
      </div>
      <ProblemBanner error={query.error} title="The organizations cannot be shown" />
      {query.isPending && <Skeleton lines={5} label="Loading organizations" />}
      {query.data && organizations.length === 0 && <Empty title="No organization like that" />}
      {organizations.length > 0 && (
        <ul className="rows" aria-label="Organizations">
          {organizations.map((organization) => (
            <OrganizationRow key={organization.id} organization={organization} />
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </div>
  );
}
