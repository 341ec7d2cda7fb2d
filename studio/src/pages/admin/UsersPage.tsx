import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { UserQuery } from '../../api/admin';
import { listUsers, USERS_PAGE } from '../../api/admin';
import { useTitle } from '../../app/useTitle';
import { count } from '../../format/format';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { SearchField } from '../../ui/SearchField';
import { Skeleton } from '../../ui/Skeleton';
import { NewUserDialog } from './NewUserDialog';
import { UserRow } from './UserRow';
import { useSettled } from './useSettled';

const SORTS: Readonly<Record<string, Pick<UserQuery, 'sort' | 'descending'>>> = {
  newest: { sort: 'createdAt', descending: true },
  oldest: { sort: 'createdAt', descending: false },
  name: { sort: 'name', descending: false },
  address: { sort: 'email', descending: false },
};

export function UsersPage() {
  useTitle('Users');
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState('newest');
  const [page, setPage] = useState(0);
  const [making, setMaking] = useState(false);
  const settled = useSettled(search.trim());
  const wanted: UserQuery = { search: settled, page, sort: 'name', descending: false, ...SORTS[sort] };
  const query = useQuery({
    queryKey: ['admin', 'users', wanted],
    queryFn: ({ signal }) => listUsers(wanted, signal),
    placeholderData: keepPreviousData,
  });
  const { users = [], total = 0 } = query.data ?? {};
  const last = Math.max(0, Math.ceil(total / USERS_PAGE) - 1);
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>Users</h1>
          <p className="muted" role="status">
            {query.data && `${count(total)} ${settled === '' ? 'in all' : 'found'}`}
          </p>
        </div>
        <Button kind="primary" icon="plus" onClick={() => setMaking(true)}>
          New user
        </Button>
      </header>
      <div className="filters">
        <SearchField
          label="Search users"
          placeholder="A name, or an address with @"
          value={search}
          onChange={(text) => {
            setSearch(text);
            setPage(0);
          }}
        />
        <select
          aria-label="Order"
          value={sort}
          onChange={(event) => {
            setSort(event.target.value);
            setPage(0);
          }}
        >
          <option value="newest">Newest first</option>
          <option value="oldest">Oldest first</option>
          <option value="name">By name</option>
          <option value="address">By address</option>
        </select>
      </div>
      <ProblemBanner error={query.error} title="The users cannot be shown" />
      {query.isPending && <Skeleton lines={6} label="Loading users" />}
      {query.data && users.length === 0 && <Empty title="Nobody like that is here" />}
      {users.length > 0 && (
        <ul className="rows" aria-label="Users">
          {users.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </ul>
      )}
      {last > 0 && (
        <nav className="pager" aria-label="Pages">
          <Button disabled={page === 0} onClick={() => setPage(page - 1)}>
            Before
          </Button>
          <span className="muted">
            Page {page + 1} of {last + 1}
          </span>
          <Button disabled={page >= last} onClick={() => setPage(page + 1)}>
            Next
          </Button>
        </nav>
      )}
      {making && (
        <NewUserDialog
          onDone={(user) => void navigate(`/admin/users/${user.id}`)}
          onClose={() => setMaking(false)}
        />
      )}
    </div>
  );
}
