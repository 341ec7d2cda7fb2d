import type { APIRequestContext, Page } from '@playwright/test';
import { expect, shoot, test } from './fixtures';
import { confirm, mailText, newAddress, PASSWORD, person, signIn } from './people';

const NAME = 'The Analytical Society';

async function organize(request: APIRequestContext): Promise<{ id: string; slug: string }> {
  const slug = `analysts-${newAddress('x').split('@')[0]}`;
  const made = await request.post('/api/auth/organization/create', { data: { name: NAME, slug } });
  expect(made.status()).toBe(200);
  return (await made.json()) as { id: string; slug: string };
}

/** Somebody more, who is a member. */
async function joinAs(owner: APIRequestContext, guest: APIRequestContext, name: string, role: string) {
  const email = await person(guest, name);
  const sent = await owner.post('/api/auth/organization/invite-member', { data: { email, role } });
  const { id } = (await sent.json()) as { id: string };
  const joined = await guest.post('/api/auth/organization/accept-invitation', { data: { invitationId: id } });
  expect(joined.status()).toBe(200);
  return email;
}

const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const row = (page: Page, list: string, text: string) =>
  page.getByRole('list', { name: list }).getByRole('listitem').filter({ hasText: text });

test('is made, changed and deleted by its owner', async ({ page }) => {
  await person(page.request, 'Charles');
  await page.goto('/tasks');
  await page.getByRole('button', { name: 'Charles', exact: true }).click();
  await page.getByRole('button', { name: 'New organization …' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Difference Engines');
  await expect(page.getByLabel('Slug')).toHaveValue('difference-engines');
  const slug = `engines-${Date.now()}`;
  await page.getByLabel('Slug').fill('Not a slug');
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByRole('alert')).toContainText('Lower-case letters');
  await page.getByLabel('Slug').fill(slug);
  await page.getByRole('button', { name: 'Create organization' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  await page.getByRole('button', { name: 'Charles', exact: true }).click();
  await page.getByRole('link', { name: 'Settings of the organization' }).click();
  await expect(page.getByRole('heading', { name: 'Difference Engines' })).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill(NAME);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: NAME })).toBeVisible();
  await expect(page.getByText('Saved')).toBeVisible();

  await page.getByRole('button', { name: 'Leave the organization …' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('only owner');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Leave the organization …' })).toBeFocused();

  await page.getByRole('button', { name: 'Delete the organization …' }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText(`Type ${slug}`)).toBeVisible();
  await page.getByLabel(/to confirm/).fill(slug);
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  const list = await page.request.get('/api/auth/organization/list');
  expect(await list.text()).not.toContain(slug);
});

test('changes and takes out members; a role of its own lets do what it says', async ({
  page,
  playwright,
}) => {
  await person(page.request, 'Charles');
  await organize(page.request);
  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await joinAs(page.request, guest, 'Ada', 'member');

  await page.goto('/organization?tab=roles');
  await page.getByRole('button', { name: 'New role' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Key keeper');
  await page.getByRole('button', { name: 'Create role' }).click();
  await expect(page.getByText('Choose what it allows')).toBeVisible();
  await page.getByRole('group', { name: 'API keys' }).getByLabel('make and end').check();
  await page.getByRole('button', { name: 'Create role' }).click();
  const role = row(page, 'Roles', 'key keeper');
  await role.locator('summary').click();
  await expect(role.getByText('may make and end', { exact: false })).toBeVisible();
  await shoot(page, 'organization-role');

  await tab(page, 'Members').click();
  await page.getByRole('button', { name: 'Change the roles of Ada' }).click();
  await page.getByLabel('key keeper').check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, 'Members', email)).toContainText('key keeper');
  expect((await guest.get('/api/keys')).status()).toBe(200);

  await tab(page, 'Roles').click();
  await role.locator('summary').click();
  await page.getByRole('button', { name: 'Delete key keeper' }).click();
  await page.getByRole('button', { name: 'Delete role' }).click();
  await expect(page.getByRole('alert')).toContainText('Members still have this role');
  await page.keyboard.press('Escape');

  await tab(page, 'Members').click();
  await page.getByLabel('Search members').fill('nobody of this name');
  await expect(page.getByText('Nobody like that is here')).toBeVisible();
  await page.getByLabel('Search members').fill('ada');
  await page.getByRole('button', { name: 'Take out Ada' }).click();
  await page.getByRole('button', { name: 'Take out', exact: true }).click();
  await expect(row(page, 'Members', email)).toHaveCount(0);
  expect((await guest.get('/api/keys')).status()).toBe(200); // of their own organization again
  await guest.dispose();
});

test('invites many at once, says what became of each, and takes one back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const own = await person(page.request, 'Charles');
  await organize(page.request);
  const [one, two] = [newAddress('one'), newAddress('two')];
  await page.goto('/organization?tab=invitations');
  await page.getByRole('button', { name: 'Create invitations' }).click();
  await expect(page.getByText('Enter an address')).toBeVisible();
  await page.getByLabel('Addresses').fill(`One <${one}>, ${two}\n${own}`);
  await page.getByLabel('Team').selectOption({ label: NAME });
  await page.getByRole('button', { name: 'Create invitations' }).click();
  await expect(page.getByText(/2 of 3 created\. This server sends no email/)).toBeVisible();
  await expect(page.getByText('Is a member already')).toBeVisible();
  await expect(page.getByLabel('Addresses')).toHaveValue(own);
  await shoot(page, 'organization-invited');

  const waiting = page.getByRole('region', { name: 'Waiting' });
  const first = waiting.getByRole('listitem').filter({ hasText: one });
  await expect(first).toContainText(NAME);
  await first.getByRole('button', { name: 'Copy link' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(await mailText(page.request, one, 'invitation')).toContain(new URL(copied).pathname);
  await first.getByRole('button', { name: `Renew the invitation of ${one}` }).click();
  await expect(page.getByText(`Renewed for ${one}`)).toBeVisible();
  await page.getByRole('button', { name: `Take back the invitation of ${two}` }).click();
  await page.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Before' })).toContainText('Taken back');
  await expect(waiting.getByRole('listitem')).toHaveCount(1);
});

test('has teams', async ({ page, playwright }) => {
  await person(page.request, 'Charles');
  await organize(page.request);
  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await joinAs(page.request, guest, 'Ada', 'member');
  await page.goto('/organization?tab=teams');
  await page.getByRole('button', { name: 'New team' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Mill');
  await page.getByRole('button', { name: 'Create team' }).click();
  const team = row(page, 'Teams', 'Mill');
  await team.locator('summary').click();
  await expect(team.getByText('Nobody is in it yet')).toBeVisible();
  await team.getByLabel('Put into Mill').selectOption({ label: `Ada (${email})` });
  await team.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Members of Mill' })).toContainText('Ada');
  await expect(team.locator('summary')).toContainText('1 member');
  await shoot(page, 'organization-team');
  await team.getByRole('button', { name: 'Take Ada out of Mill' }).click();
  await expect(team.getByText('Nobody is in it yet')).toBeVisible();
  await team.getByRole('button', { name: 'Rename Mill' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Store');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the team Store' }).click();
  await page.getByRole('button', { name: 'Remove team', exact: true }).last().click();
  await expect(row(page, 'Teams', 'Store')).toHaveCount(0);
  await guest.dispose();
});

test('proves a domain, whose people ask to join and are let in', async ({ page, playwright }) => {
  await person(page.request, 'Charles');
  await organize(page.request);
  const domain = `analysts-${Date.now()}.example.org`;
  await page.goto('/organization?tab=domains');
  await page.getByLabel('Mail domain').fill('gmail.com');
  await page.getByRole('button', { name: 'Add, and send the code' }).click();
  await expect(page.getByText('Anybody can have an address at this domain')).toBeVisible();
  await page.getByLabel('Mail domain').fill(domain);
  await page.getByRole('button', { name: 'Add, and send the code' }).click();
  await expect(row(page, 'Domains', domain)).toContainText('not proved yet');
  await page.getByLabel(`Code for ${domain}`).fill('wrong');
  await page.getByRole('button', { name: 'Prove it' }).click();
  await expect(row(page, 'Domains', domain).getByRole('alert')).toContainText('not the code');
  const code = await domainCode(page.request, `postmaster@${domain}`);
  await page.getByLabel(`Code for ${domain}`).fill(code);
  await page.getByRole('button', { name: 'Prove it' }).click();
  await expect(page.getByLabel(`People with an address at ${domain}`)).toHaveValue('request');
  await shoot(page, 'organization-domain');

  const guest = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = `ada@${domain}`;
  await guest.post('/api/auth/sign-up/email', { data: { name: 'Ada', email, password: PASSWORD } });
  await confirm(guest, email);
  await signIn(guest, email, PASSWORD);
  expect((await guest.post('/api/auth/organization/request-membership', { data: {} })).status()).toBe(200);
  await tab(page, 'Members').click();
  await page.getByRole('button', { name: 'Let in Ada' }).click();
  await expect(row(page, 'Members', email)).toBeVisible();

  await tab(page, 'Domains').click();
  await page.getByRole('button', { name: `Remove ${domain}` }).click();
  await page.getByRole('button', { name: 'Remove domain' }).click();
  await expect(page.getByText('No domains yet')).toBeVisible();
  await guest.dispose();
});

test('shows a member what they may do, and no more', async ({ page, playwright }) => {
  const owner = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  await person(owner, 'Charles');
  await organize(owner);
  await joinAs(owner, page.request, 'Ada', 'member');
  await page.goto('/organization');
  await expect(page.getByLabel('Name', { exact: true })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Delete the organization …' })).toBeDisabled();
  await expect(page.getByText('Only its owners can delete it')).toBeVisible();
  await tab(page, 'Members').click();
  await expect(row(page, 'Members', 'Charles')).toBeVisible();
  await expect(page.getByRole('button', { name: /Take out|Change the roles/ })).toHaveCount(0);
  for (const name of ['Invitations', 'Domains']) {
    await tab(page, name).click();
    await expect(page.getByText('Not for your role')).toBeVisible();
  }
  await tab(page, 'Roles').click();
  await expect(page.getByRole('button', { name: 'New role' })).toHaveCount(0);
  await tab(page, 'General').click();
  await page.getByRole('button', { name: 'Leave the organization …' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  await owner.dispose();
});

async function domainCode(request: APIRequestContext, mailbox: string): Promise<string> {
  const text = await mailText(request, mailbox, 'domain-verification');
  return /^\S{6,}$/m.exec(text)?.[0] ?? 'no code';
}
