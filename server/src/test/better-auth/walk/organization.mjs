import { enter } from '../harness/people.mjs';

/** Making, changing, choosing and deleting organizations. */
export default async function organization(scene) {
  const { step, person } = scene;
  const alice = person('Alice');
  const bob = person('Bob');
  const nobody = person('Nobody').client;
  await enter(scene, alice, bob);
  const { organization: org } = alice.client;
  const slug = `red-${alice.email.split('.')[2].split('@')[0]}`;

  await step('signed out: create', () => nobody.organization.create({ name: 'X', slug: 'x' }));
  await step('signed out: list', () => nobody.organization.list());
  await step('none', () => org.list());
  await step('none is active', () => org.getFullOrganization());
  await step('no active member', () => org.getActiveMember());
  await step('a name for it', () => org.checkSlug({ slug }));
  const { data: made } = await step('create', () => org.create({ name: 'Red', slug, metadata: { plan: 'free' } }));
  await step('the name is taken', () => org.checkSlug({ slug }));
  await step('create it again', () => org.create({ name: 'Red', slug }));
  await step('create without a name', () => org.create({ name: '', slug: 'x' }));
  await step('create another one', () =>
    org.create({ name: 'Blue', slug: `${slug}-blue`, logo: 'https://example.com/blue.png', keepCurrentActiveOrganization: true }),
  );
  await step('two', () => org.list());
  await step('which one is active', () => alice.client.getSession());
  await step('get', () => org.getOrganization({ query: { organizationId: made.id } }));
  await step('get by its name', () => org.getOrganization({ query: { organizationSlug: slug } }));
  await step('get what is not there', () => org.getOrganization({ query: { organizationId: 'none' } }));
  await step("get another one's", () => bob.client.organization.getOrganization({ query: { organizationId: made.id } }));
  await step('get all of it', () => org.getFullOrganization({ query: { organizationId: made.id } }));
  await step("get all of another one's", () => bob.client.organization.getFullOrganization({ query: { organizationId: made.id } }));
  await step('active member', () => org.getActiveMember());
  await step('active role', () => org.getActiveMemberRole());
  await step('update', () => org.update({ organizationId: made.id, data: { name: 'Crimson', metadata: { plan: 'paid' } } }));
  await step('update to a name that is taken', () => org.update({ organizationId: made.id, data: { slug: `${slug}-blue` } }));
  await step("update another one's", () => bob.client.organization.update({ organizationId: made.id, data: { name: 'X' } }));
  await step('may I', () => org.hasPermission({ permissions: { organization: ['delete'] } }));
  await step('may I do what is not there', () => org.hasPermission({ permissions: { coffee: ['drink'] } }));
  await step('may I without saying what', () => alice.send('POST', '/api/auth/organization/has-permission', '{}'));
  await step('no active one', () => org.setActive({ organizationId: null }));
  await step('may I nowhere', () => org.hasPermission({ permissions: { organization: ['delete'] } }));
  await step('active by its name', () => org.setActive({ organizationSlug: slug }));
  await step('active', () => org.setActive({ organizationId: made.id }));
  await step('active what is not there', () => org.setActive({ organizationId: 'none' }));
  await step("active another one's", () => bob.client.organization.setActive({ organizationId: made.id }));
  await step('the last owner leaves', () => org.leave({ organizationId: made.id }));
  await step("delete another one's", () => bob.client.organization.delete({ organizationId: made.id }));
  await step('delete', () => org.delete({ organizationId: made.id }));
  await step('delete again', () => org.delete({ organizationId: made.id }));
  await step('one is left', () => org.list());
  await step('none is active any more', () => alice.client.getSession());
}
