import { enter, join, signIn } from '../harness/people.mjs';

/** Who runs the server, and what they do to people. */
export default async function admin(scene) {
  const { step, person, server } = scene;
  const root = person('Root');
  const alice = person('Alice');
  await join(scene, root);
  await server.makeAdmin(root.email);
  await signIn(scene, root);
  await enter(scene, alice);
  const { data: session } = await step('who is Alice', () => alice.client.getSession());
  const userId = session.user.id;
  const { data: own } = await step('who is root', () => root.client.getSession());
  const { admin: can } = root.client;
  const { admin: may } = alice.client;

  for (const [name, action] of [
    ['list', () => may.listUsers({ query: {} })],
    ['get', () => may.getUser({ query: { id: userId } })],
    ['create', () => may.createUser({ email: 'x@example.com', name: 'X', password: 'password1' })],
    ['ban', () => may.banUser({ userId: own.user.id })],
    ['role', () => may.setRole({ userId, role: 'admin' })],
    ['sessions', () => may.listUserSessions({ userId: own.user.id })],
    ['password', () => may.setUserPassword({ userId: own.user.id, newPassword: 'password1' })],
    ['impersonate', () => may.impersonateUser({ userId: own.user.id })],
    ['remove', () => may.removeUser({ userId: own.user.id })],
    ['revoke', () => may.revokeUserSessions({ userId: own.user.id })],
    ['update', () => may.updateUser({ userId, data: { name: 'X' } })],
    ['stop', () => may.stopImpersonating()],
    ['permission', () => may.hasPermission({ permissions: { user: ['list'] } })],
  ]) {
    await step(`not an admin: ${name}`, action);
  }
  await step('signed out: list', () => person('Nobody').client.admin.listUsers({ query: {} }));

  const search = { searchField: 'email', searchOperator: 'contains', searchValue: alice.email };
  await step('list', () => can.listUsers({ query: search }));
  await step('list a page', () => can.listUsers({ query: { ...search, limit: 1, offset: 0, sortBy: 'email', sortDirection: 'desc' } }));
  await step('get', () => can.getUser({ query: { id: userId } }));
  await step('get nobody', () => can.getUser({ query: { id: 'nobody' } }));
  const bob = person('Bob');
  const form = { email: bob.email, name: 'Bob', password: bob.password, role: 'user' };
  const { data: created } = await step('create', () => can.createUser(form));
  await step('create again', () => can.createUser(form));
  await step('create without an address', () => can.createUser({ ...form, email: 'nobody' }));
  await step('update', () => can.updateUser({ userId, data: { name: 'Alice L.' } }));
  await step('update nothing', () => can.updateUser({ userId, data: {} }));
  await step('update a password', () => can.updateUser({ userId, data: { password: 'password1' } }));
  await step('make admin', () => can.setRole({ userId: created.user.id, role: 'admin' }));
  await step('make admin nobody', () => can.setRole({ userId: 'nobody', role: 'admin' }));
  await step('make what is not there', () => can.setRole({ userId, role: 'emperor' }));
  await step('permission', () => can.hasPermission({ permissions: { user: ['list'] } }));
  await step('permission of a role', () => can.hasPermission({ role: 'user', permissions: { user: ['list'] } }));

  await step('sessions', () => can.listUserSessions({ userId }));
  await step('ban', () => can.banUser({ userId, banReason: 'Spam', banExpiresIn: 3600 }));
  await step('ban oneself', () => can.banUser({ userId: own.user.id }));
  await step('ban nobody', () => can.banUser({ userId: 'nobody' }));
  await step('banned: session', () => alice.client.getSession());
  await step('banned: sign in', () => alice.client.signIn.email({ email: alice.email, password: alice.password }));
  await step('unban', () => can.unbanUser({ userId }));
  await signIn(scene, alice, 'after the ban');
  await step('impersonate', () => can.impersonateUser({ userId }));
  await step('impersonated', () => root.client.getSession());
  await step('impersonated: admin', () => can.listUsers({ query: search }));
  await step('stop impersonating', () => can.stopImpersonating());
  await step('stopped', () => root.client.getSession());
  await step('stop again', () => can.stopImpersonating());
  await step('impersonate an admin', () => can.impersonateUser({ userId: created.user.id }));
  await step('impersonate nobody', () => can.impersonateUser({ userId: 'nobody' }));
  await step('password', () => can.setUserPassword({ userId, newPassword: 'another password' }));
  await step('a short password', () => can.setUserPassword({ userId, newPassword: 'short' }));
  const { data: token } = await step('the session of Alice', () => alice.client.getSession());
  await step('revoke one', () => can.revokeUserSession({ sessionToken: token?.session.token ?? 'none' }));
  await step('revoke all', () => can.revokeUserSessions({ userId }));
  await step('revoked', () => alice.client.getSession());
  await step('remove', () => can.removeUser({ userId }));
  await step('remove again', () => can.removeUser({ userId }));
  await step('remove oneself', () => can.removeUser({ userId: own.user.id }));
}
