import { enter } from '../harness/people.mjs';

/** Teams of an organization. */
export default async function teams(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const carol = person('Carol');
  await enter(scene, alice, bob, carol);
  const { organization: org } = alice.client;
  const { organization: other } = bob.client;
  const slug = `red-${alice.email.split('.')[2].split('@')[0]}`;
  const { data: made } = await step('create', () => org.create({ name: 'Red', slug }));
  const organizationId = made.id;
  const idOf = async (who) => (await who.client.getSession()).data.user.id;

  await step('the first team', () => org.listTeams());
  const { data: team } = await step('create a team', () => org.createTeam({ name: 'Design' }));
  await step('create a team without a name', () => alice.send('POST', '/api/auth/organization/create-team', '{}'));
  await step('rename', () => org.updateTeam({ teamId: team.id, data: { name: 'Brand' } }));
  await step('rename none', () => org.updateTeam({ teamId: 'none', data: { name: 'X' } }));
  const { data: invited } = await step('invite to a team', () => org.inviteMember({ email: bob.email, role: 'member', teamId: team.id }));
  await step('accept', () => other.acceptInvitation({ invitationId: invited.id }));
  await step('teams', () => org.listTeams({ query: { organizationId } }));
  await step('teams of a person', () => other.listUserTeams());
  await step('teams of what one is not in', () => carol.client.organization.listTeams({ query: { organizationId } }));
  await step('members without an active team', () => org.listTeamMembers());
  const userId = await step('who is Alice', () => idOf(alice));
  await step('join', () => org.addTeamMember({ teamId: team.id, userId }));
  await step('join again', () => org.addTeamMember({ teamId: team.id, userId }));
  const stranger = await step('who is Carol', () => idOf(carol));
  await step('a stranger joins', () => org.addTeamMember({ teamId: team.id, userId: stranger }));
  await step('a member adds', () => other.addTeamMember({ teamId: team.id, userId, organizationId }));
  await step('members', () => org.listTeamMembers({ query: { teamId: team.id } }));
  await step('members of none', () => org.listTeamMembers({ query: { teamId: 'none' } }));
  await step('active', () => org.setActiveTeam({ teamId: team.id }));
  await step('the active one', () => alice.client.getSession());
  await step('members of the active one', () => org.listTeamMembers());
  await step('active none', () => org.setActiveTeam({ teamId: 'none' }));
  await step('no active one', () => org.setActiveTeam({ teamId: null }));
  await step('a member creates', () => other.createTeam({ name: 'X', organizationId }));
  await step('a member removes', () => other.removeTeam({ teamId: team.id, organizationId }));
  await step('leave a team', () => org.removeTeamMember({ teamId: team.id, userId }));
  await step('leave it again', () => org.removeTeamMember({ teamId: team.id, userId }));
  await step('remove', () => org.removeTeam({ teamId: team.id }));
  await step('remove again', () => org.removeTeam({ teamId: team.id }));
  const { data: left } = await step('one is left', () => org.listTeams());
  await step('remove the last', () => org.removeTeam({ teamId: left[0].id }));
}
