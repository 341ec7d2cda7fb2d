import type { APIRequestContext } from '@playwright/test';
import { expect, shoot, test } from './fixtures';
import { invite, mailLink, newAddress, PASSWORD, person } from './people';

const NAME = 'The Analytical Society';

test('leads from the mail through sign-up and sign-in into the organization', async ({
  page,
  playwright,
}) => {
  const owner = await newContext(playwright);
  const inviter = await person(owner, 'Charles');
  const email = newAddress('ada');
  await page.goto(await invite(owner, NAME, email));
  await expect(page.getByText('Somebody has invited you')).toBeVisible();
  await expect(page.getByText(NAME)).toHaveCount(0);
  await shoot(page, 'invitation-signed-out');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill('Ada');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('region', { name: 'Ask your administrator for the link' })).toBeVisible();
  await page.goto(await mailLink(page.request, email, 'verify-email'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();

  await expect(page).toHaveURL(/\/invitations\//);
  await expect(page.getByText(NAME)).toBeVisible();
  await expect(page.getByText('member', { exact: true })).toBeVisible();
  await expect(page.getByText(inviter)).toBeVisible();
  await shoot(page, 'invitation');
  const link = page.url();
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  expect(await activeOrganization(page.request)).toBe(NAME);

  await page.getByRole('button', { name: 'Ada', exact: true }).click();
  const switcher = page.getByRole('region', { name: 'Organization' });
  await expect(switcher.getByRole('button', { name: NAME })).toHaveAttribute('aria-current', 'true');
  await shoot(page, 'organization-switcher');
  await switcher.getByRole('button').filter({ hasNotText: NAME }).click();
  await expect(switcher).toHaveCount(0);
  await expect(page).toHaveURL(/\/tasks$/);
  expect(await activeOrganization(page.request)).not.toBe(NAME);

  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('not valid any more');
  await owner.dispose();
});

test('says whose it is not, and can be declined by its recipient', async ({ page, playwright }) => {
  const owner = await newContext(playwright);
  await person(owner, 'Charles');
  const recipient = await newContext(playwright);
  const email = await person(recipient, 'Mary');
  const link = await invite(owner, NAME, email);
  const other = await person(page.request, 'Augustus');
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('sent to another address');
  await expect(page.getByText(other)).toBeVisible();
  await expect(page.getByText(NAME)).toHaveCount(0);
  await shoot(page, 'invitation-of-another');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: 'Decline' }).click();
  await expect(page.getByRole('status')).toContainText(['Declined']);
  await page.getByRole('button', { name: 'Go to Mainstay' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('not valid any more');
  await owner.dispose();
  await recipient.dispose();
});

function newContext(playwright: {
  request: { newContext(options: object): Promise<APIRequestContext> };
}): Promise<APIRequestContext> {
  return playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
}

async function activeOrganization(request: APIRequestContext): Promise<string> {
  const answer = await request.get('/api/auth/organization/get-organization');
  return ((await answer.json()) as { name: string }).name;
}
