import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { addTeamMember, listTeamMembers, removeTeamMember } from '../../api/organization';
import { ApiError } from '../../api/problem';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { ProblemBanner } from '../../ui/ProblemBanner';
import { Skeleton } from '../../ui/Skeleton';
import { nameOf } from './MemberRow';
import { useOrganization } from './useOrganization';

/** Who is in a team; for who is in it, or may put members into it. */
export function TeamMembers({ teamId, name }: { teamId: string; name: string }) {
  const { organization, may, changed } = useOrganization();
  const [chosen, setChosen] = useState('');
  const query = useQuery({
    queryKey: ['organization', 'team', teamId],
    queryFn: ({ signal }) => listTeamMembers(teamId, signal),
  });
  const add = useMutation({
    mutationFn: (userId: string) => addTeamMember(teamId, userId),
    onSuccess: () => {
      setChosen('');
      return changed();
    },
  });
  const remove = useMutation({
    mutationFn: (userId: string) => removeTeamMember(teamId, userId),
    onSuccess: changed,
  });
  if (query.error instanceof ApiError && query.error.status === 400) {
    return <p className="muted">Its members alone see who is in it.</p>;
  }
  const inIt = new Set((query.data ?? []).map(({ userId }) => userId));
  const members = organization.members.filter(({ userId }) => inIt.has(userId));
  const others = organization.members.filter(({ userId }) => !inIt.has(userId));
  return (
    <div className="team-members">
      <ProblemBanner error={query.error} title="The members cannot be shown" />
      <ProblemBanner error={add.error ?? remove.error} title="Not changed" />
      {query.isPending && <Skeleton lines={1} label="Loading the team" />}
      {query.data && members.length === 0 && <p className="muted">Nobody is in it yet.</p>}
      {members.length > 0 && (
        <ul aria-label={`Members of ${name}`}>
          {members.map((member) => (
            <li key={member.id}>
              <span className="break">{nameOf(member)}</span>
              {may('member:update') && (
                <Button
                  kind="quiet"
                  disabled={remove.isPending}
                  onClick={() => remove.mutate(member.userId)}
                  aria-label={`Take ${nameOf(member)} out of ${name}`}
                >
                  Take out
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {query.data && may('member:update') && others.length > 0 && (
        <form
          className="team-add"
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen !== '') add.mutate(chosen);
          }}
        >
          <Field label={`Put into ${name}`}>
            {(attributes) => (
              <select {...attributes} value={chosen} onChange={(event) => setChosen(event.target.value)}>
                <option value="">Choose a member</option>
                {others.map((member) => (
                  <option key={member.id} value={member.userId}>
                    {nameOf(member)}
                    {member.user?.email ? ` (${member.user.email})` : ''}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Button type="submit" busy={add.isPending} disabled={chosen === ''}>
            Add
          </Button>
        </form>
      )}
    </div>
  );
}
