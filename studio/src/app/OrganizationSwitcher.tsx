import { useMutation } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Link } from 'react-router';
import { setActiveOrganization } from '../api/organizations';
import { Icon } from '../ui/Icon';
import { ProblemBanner } from '../ui/ProblemBanner';
import { NewOrganizationDialog } from './NewOrganizationDialog';
import { pathIn, visit } from './organization';
import { useOrganizations, useShownOrganization } from './session';

interface Props {
  onSwitched: () => void;
}

/** The organizations of the user, in the tab at hand. A session that a key has opened is in one, and gets no list. */
export function OrganizationSwitcher({ onSwitched }: Props) {
  const heading = useId();
  const organizations = useOrganizations();
  const shown = useShownOrganization();
  const [making, setMaking] = useState(false);
  const show = (slug: string) => {
    onSwitched();
    visit(pathIn(slug, '/tasks'));
  };
  const choose = useMutation({
    // Tabs that are opened later begin there; this one and others stay where their addresses say.
    mutationFn: ({ id }: { id: string; slug: string }) => setActiveOrganization(id),
    onSuccess: (_, { slug }) => show(slug),
  });
  const list = organizations.data ?? [];
  if (list.length === 0) return null;
  return (
    <>
      <section className="organizations" aria-labelledby={heading}>
        <h2 id={heading}>Organization</h2>
        <ProblemBanner error={choose.error} title="Not changed" />
        <ul>
          {list.map(({ id, name, slug }) => (
            <li key={id}>
              <button
                type="button"
                className="nav-link"
                aria-current={id === shown?.id || undefined}
                disabled={choose.isPending}
                onClick={() => (id === shown?.id ? onSwitched() : choose.mutate({ id, slug }))}
              >
                <span>{name}</span>
                {id === shown?.id && <Icon name="check" />}
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
      {making && (
        <NewOrganizationDialog onDone={(_, { slug }) => show(slug)} onClose={() => setMaking(false)} />
      )}
    </>
  );
}
