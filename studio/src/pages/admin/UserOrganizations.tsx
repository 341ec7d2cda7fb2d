import { useInfiniteQuery } from '@tanstack/react-query';
import { listAllOrganizations } from '../../api/admin';
import { LoadMore } from '../../ui/LoadMore';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';

export function UserOrganizations({ userId }: { userId: string }) {
  const query = useInfiniteQuery({
    queryKey: ['admin', 'organizations-of', userId],
    queryFn: ({ pageParam, signal }) => listAllOrganizations({ userId }, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const organizations = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="setting-form">
      <ProblemBanner error={query.error} title="The organizations cannot be shown" />
      {query.isPending && <Skeleton lines={1} label="Loading organizations" />}
      {organizations.length > 0 && (
        <ul className="rows" aria-label="Organizations">
          {organizations.map(({ id, name, personal, memberCount }) => (
            <li key={id} className="item-row">
              <div>
                <strong className="break">{name}</strong> {personal && <span className="tag">their own</span>}
              </div>
              <span className="muted">{memberCount === 1 ? '1 member' : `${memberCount} members`}</span>
            </li>
          ))}
        </ul>
      )}
      <LoadMore query={query} />
    </div>
  );
}
