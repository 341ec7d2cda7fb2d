import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { listOrganizations, setActiveOrganization } from '../api/organizations';
import { Icon } from '../ui/Icon';
import { ProblemBanner } from '../ui/ProblemBanner';
import { NewOrganizationDialog } from './NewOrganizationDialog';

interface Props {
  /** The organization in which the session acts. */
  active: string | undefined;
  onSwitched: () => void;
}

/** The organizations of who is signed in. A session that a key has opened is in one, and gets no list. */
export function OrganizationSwitcher({ active, onSwitched }: Props) {
  const heading = useId();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const organizations = useQuery({
    queryKey: ['organizations'],
    queryFn: ({ signal }) => listOrganizations(signal),
  });
  const [making, setMaking] = useState(false);
  const switched = async () => {
    onSwitched();
    // What is on the page belongs to the organization before.
    await navigate('/');
    await queries.resetQueries();
  };
  const choose = useMutation({ mutationFn: setActiveOrganization, onSuccess: switched });
  const list = organizations.data ?? [];
  if (list.length === 0) return null;
  return (
    <>
      <section className="organizations" aria-labelledby={heading}>
        <h2 id={heading}>Organization</h2>
        <ProblemBanner error={choose.error} title="Not changed" />
        <ul>
          {list.map(({ id, name }) => (
            <li key={id}>
              <button
                type="button"
                className="nav-link"
                aria-current={id === active || undefined}
                disabled={choose.isPending}
                onClick={() => (id === active ? onSwitched() : choose.mutate(id))}
              >
                <span>{name}</span>
                {id === active && <Icon name="check" />}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <Link className="nav-link" to="/organization" onClick={onSwitched}>
        <Icon name="building" />
        <span>Settings of the organization</span>
      </Link>
      <button type="button" className="nav-link" onClick={() => setMaking(true)}>
        <Icon name="plus" />
        <span>New organization …</span>
      </button>
      {making && <NewOrganizationDialog onDone={switched} onClose={() => setMaking(false)} />}
    </>
  );
}
