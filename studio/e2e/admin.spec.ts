import type { APIRequestContext, Page } from '@playwright/test';
import { enableApp } from './authenticator';
import { adminKey, expect, shoot, test } from './fixtures';
import { isSignedIn, newAddress, PASSWORD, person, signIn } from './people';

/** Who was made an administrator: others count on the owner being the only one. */
const made: string[] = [];

function setRole(request: APIRequestContext, userId: string, role: 'user' | 'admin') {
  return request.post('/api/auth/admin/set-role', {
    headers: { Authorization: `Bearer ${adminKey()}` },
    data: { userId, role },
  });
}

test.afterEach(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  for (const id of made.splice(0)) {
    expect((await setRole(request, id, 'user')).status()).toBe(200);
  }
  await request.dispose();
});

/** Somebody who administers the instance, signed in where the request comes from. */
async function administrator(request: APIRequestContext): Promise<string> {
  const email = await person(request, 'Grace');
  const session = (await (await request.get('/api/auth/get-session')).json()) as { user: { id: string } };
  const answer = await setRole(request, session.user.id, 'admin');
  made.push(session.user.id);
  expect(answer.status()).toBe(200);
  await request.post('/api/auth/sign-out', { data: {} });
  await signIn(request, email, PASSWORD);
  return email;
}

async function open(page: Page, email: string): Promise<void> {
  await page.goto('/admin/users');
  await page.getByLabel('Search users').fill(email);
  const found = page.getByRole('list', { name: 'Users' }).getByRole('listitem');
  await expect(found).toHaveCount(1);
  await found.getByRole('link').click();
  await expect(page.getByLabel('E-mail', { exact: true })).toHaveValue(email);
}

test('finds a user, bans them with a reason and an end, and lets them in again', async ({
  page,
  playwright,
}) => {
  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await person(guest, 'Ada');
  await administrator(page.request);
  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByLabel('Search users').fill('nobody@nowhere.example');
  await expect(page.getByText('Nobody like that is here')).toBeVisible();
  await open(page, email);
  await expect(page.getByRole('list', { name: 'Organizations' })).toContainText('their own');

  await page.getByRole('button', { name: 'Ban …' }).click();
  await page.getByLabel('Reason').fill('Spam');
  await page.getByLabel('For how long').selectOption({ label: 'A week' });
  await page.getByRole('button', { name: 'Ban', exact: true }).click();
  await expect(page.getByText('“Spam” It ends in 7 d.')).toBeVisible();
  await expect(page.getByText('They are signed in nowhere.')).toBeVisible();
  expect(await isSignedIn(guest)).toBe(false);
  await shoot(page, 'admin-user-banned');
  await page.getByRole('button', { name: 'Let in again' }).click();
  await expect(page.getByRole('button', { name: 'Ban …' })).toBeVisible();

  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('At least 8 characters', { exact: true })).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill('given by an administrator');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByText('Tell it in a safe way')).toBeVisible();
  await signIn(guest, email, 'given by an administrator');

  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByLabel('What').selectOption({ label: 'banned a user' });
  await expect(page.getByRole('list', { name: 'Audit log' }).getByRole('listitem').first()).toContainText(
    'Grace banned a user: Ada',
  );
  await page.getByLabel('To', { exact: true }).fill('2020-01-01');
  await expect(page.getByText('Nothing of the kind was done')).toBeVisible();
  await guest.dispose();
});

test('takes a lost second factor off a user', async ({ page, playwright }) => {
  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await person(guest, 'Ada');
  await enableApp(guest);
  await administrator(page.request);
  await open(page, email);
  await page.getByRole('button', { name: 'Take it off …' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it off' }).click();
  await expect(page.getByText('They have none.')).toBeVisible();
  await shoot(page, 'admin-user');
  expect(await isSignedIn(guest)).toBe(false);
  await signIn(guest, email, PASSWORD);
  expect(await isSignedIn(guest)).toBe(true);
  await guest.dispose();
});

test('acts in the name of a user, with a bar that says so, and stops', async ({ page, playwright }) => {
  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await person(guest, 'Ada');
  await administrator(page.request);
  await open(page, email);
  await page.getByRole('button', { name: 'Act in their name' }).click();
  const bar = page.getByRole('region', { name: 'In somebody’s name' });
  await expect(bar).toContainText('You act as Ada');
  await expect(page.getByRole('link', { name: 'Admin', exact: true })).toHaveCount(0);
  await page.goto('/keys');
  await expect(bar).toBeVisible();
  await shoot(page, 'impersonation');
  await bar.getByRole('button', { name: 'Stop' }).click();
  await expect(page).toHaveURL(/\/admin\/users\//);
  await expect(bar).toHaveCount(0);
  await guest.dispose();
});

test('makes a user, makes them an administrator, and deletes them', async ({ page }) => {
  await administrator(page.request);
  const email = newAddress('mary');
  await page.goto('/admin/users');
  await page.getByRole('button', { name: 'New user' }).click();
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page.getByText('Give a name')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Mary');
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Create user' }).click();
  await expect(page).toHaveURL(/\/admin\/users\/.+/);
  await expect(page.getByRole('heading', { name: 'Mary' })).toBeVisible();
  await page.getByRole('button', { name: 'Make an administrator …' }).click();
  await page.getByRole('button', { name: 'Make administrator' }).click();
  await expect(page.getByText('Administers this server.')).toBeVisible();
  await page.getByRole('button', { name: 'Act in their name' }).click();
  await expect(page.getByRole('alert')).toContainText('Nobody acts in the name of an administrator');

  await page.getByRole('button', { name: 'Delete the user …' }).click();
  await page.getByLabel(/to confirm/).fill(email);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL(/\/admin\/users$/);
  await page.getByLabel('Search users').fill(email);
  await expect(page.getByText('Nobody like that is here')).toBeVisible();
});

test('lists organizations', async ({ page }) => {
  await administrator(page.request);
  const slug = `guild-${Date.now()}`;
  await page.request.post('/api/auth/organization/create', { data: { name: 'The Guild', slug } });
  await page.goto('/admin/organizations');
  await page.getByLabel('Search organizations').fill(slug);
  const found = page.getByRole('list', { name: 'Organizations' }).getByRole('listitem');
  await expect(found).toHaveCount(1);
  await expect(found).toContainText('1 member');
  await found.getByRole('link').click();
  await expect(page.getByRole('list', { name: 'Audit log' })).toContainText('Grace made the organization');
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/audit-log$/);
});
