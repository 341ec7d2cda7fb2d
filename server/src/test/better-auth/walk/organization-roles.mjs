import { enter } from '../harness/people.mjs';

/** Roles that an organization makes for itself. */
export default async function roles(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  await enter(scene, alice, bob);
  const { organization: org } = alice.client;
  const { organization: other } = bob.client;
  const slug = `red-${alice.email.split('.')[2].split('@')[0]}`;
  const { data: made } = await step('create', () => org.create({ name: 'Red', slug }));
  const organizationId = made.id;
  const permission = { invitation: ['create'], member: ['update'] };

  await step('none', () => org.listRoles());
  const { data } = await step('create a role', () => org.createRole({ role: 'Recruiter', permission }));
  await step('create it again', () => org.createRole({ role: 'recruiter', permission }));
  await step('create one that is built in', () => org.createRole({ role: 'admin', permission }));
  await step('a resource that is not there', () => org.createRole({ role: 'barista', permission: { coffee: ['brew'] } }));
  await step('an action that is not there', () => org.createRole({ role: 'barista', permission: { member: ['brew'] } }));
  await step('a stranger creates', () => other.createRole({ role: 'x', permission, organizationId }));
  await step('roles', () => org.listRoles({ query: { organizationId } }));
  await step('get by name', () => org.getRole({ query: { roleName: 'recruiter' } }));
  await step('get by id', () => org.getRole({ query: { roleId: data?.roleData?.id ?? 'none' } }));
  await step('get none', () => org.getRole({ query: { roleName: 'none' } }));
  await step('update', () => org.updateRole({ roleName: 'recruiter', data: { permission: { invitation: ['create', 'cancel'] } } }));
  await step('rename', () => org.updateRole({ roleName: 'recruiter', data: { roleName: 'scout' } }));
  await step('update none', () => org.updateRole({ roleName: 'none', data: { roleName: 'x' } }));
  const { data: invited } = await step('invite to it', () => org.inviteMember({ email: bob.email, role: 'scout' }));
  await step('accept', () => other.acceptInvitation({ invitationId: invited.id }));
  await step('may they', () => other.hasPermission({ organizationId, permissions: { invitation: ['create'] } }));
  await step('may they more', () => other.hasPermission({ organizationId, permissions: { organization: ['update'] } }));
  await step('they do', () => other.inviteMember({ email: 'x@example.com', role: 'scout', organizationId }));
  await step('they give what they do not have', () => other.inviteMember({ email: 'y@example.com', role: 'admin', organizationId }));
  await step('they create', () => other.createRole({ role: 'x', permission, organizationId }));
  await step('delete one that is held', () => org.deleteRole({ roleName: 'scout' }));
  await step('delete one that is built in', () => org.deleteRole({ roleName: 'owner' }));
  await step('delete none', () => org.deleteRole({ roleName: 'none' }));
  await step('remove who holds it', () => org.removeMember({ memberIdOrEmail: bob.email }));
  await step('delete', () => org.deleteRole({ roleName: 'scout' }));
  await step('none is left', () => org.listRoles());
}
