import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { adminKey, createTask, expect, key, shoot, status, test } from './fixtures';
import { Device } from './passkey';
import { invite, person } from './people';

const LOOKS = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'phone', colorScheme: 'light', viewport: { width: 390, height: 844 } },
  { name: 'phone-dark', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const;

/** The rules of WCAG 2.2, levels A and AA, that a machine can check; contrast is one of them. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Looks at each page four times: that it fits, and is accessible. */
async function lookAt(page: Page, pages: Readonly<Record<string, string>>): Promise<void> {
  for (const look of LOOKS) {
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.setViewportSize(look.viewport);
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(path);
      await expect(page.getByRole('heading').first()).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
      const found = violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.failureSummary} ${node.html}`),
      );
      expect.soft(found, `${name} in ${look.name}`).toEqual([]);
      await shoot(page, `${look.name}-${name}`);
    }
  }
}

test('every page fits its screen and is accessible, in both themes', async ({ signedIn: page }) => {
  test.slow();
  const id = await createTask(page, { prompt: 'Look at every page.', review: 'before-push' });
  const added = await page.request.post('/api/queues/looks/jobs', {
    headers: { Authorization: `Bearer ${key()}` },
    data: ['one', 'two', 'three'].map((name, delay) => ({
      name,
      data: { to: 'somebody@example.com', lines: [1, 2, 3] },
      opts: {
        group: { id: `tenant-${name}` },
        delay: delay * 3_600_000,
        attempts: 3,
        backoff: { type: 'exponential', delay: 1000 },
      },
    })),
  });
  const [{ id: job }] = (await added.json()) as [{ id: string }];
  await page.request.post(`/api/queues/looks/jobs/${job}/cancel`, {
    headers: { Authorization: `Bearer ${key()}` },
    data: { reason: 'to be looked at' },
  });
  await page.request.put('/api/queues/looks/schedulers/weekday-mornings', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { pattern: '0 9 * * 1-5', tz: 'Europe/Berlin', template: { name: 'report' } },
  });
  await page.request.put('/api/queues/looks/groups/tenant-one/limits', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { concurrency: 2, rate: { max: 100, duration: 60_000 } },
  });
  await page.request.post('/api/queues/looks/bulk-actions', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { action: 'promote', state: 'delayed', name: 'two', text: 'somebody@example.com' },
  });
  const worked = await page.request.post('/api/queues/worked/jobs', {
    headers: { Authorization: `Bearer ${key()}` },
    data: ['one', 'two'].map((name) => ({ name })),
  });
  expect(worked.status()).toBe(201);
  await page.goto('/queues/worked?view=metrics');
  await expect(page.getByRole('figure').first()).toBeVisible({ timeout: 30_000 });
  await page.goto(`/tasks/${id}`);
  await expect(status(page)).toHaveText('Needs review');
  const pages = {
    tasks: '/tasks',
    'new-task': '/tasks/new',
    task: `/tasks/${id}`,
    diff: `/tasks/${id}?tab=diff`,
    events: `/tasks/${id}?tab=events`,
    queues: '/queues',
    queue: '/queues/looks',
    'bulk-buttons': '/queues/looks?state=delayed&name=three',
    'bulk-actions': '/queues/looks?view=bulk-actions',
    metrics: '/queues/worked?view=metrics&range=6h',
    workers: '/queues/worked?view=workers',
    schedulers: '/queues/looks?view=schedulers',
    groups: '/queues/looks?view=groups',
    job: `/queues/looks/jobs/${job}`,
    keys: '/keys',
    docs: '/docs',
  };
  await lookAt(page, pages);
});

test('so are the pages of people who are not signed in', async ({ page }) => {
  test.slow();
  await lookAt(page, {
    'sign-in': '/sign-in',
    'sign-in-error': '/sign-in?error=INVALID_TOKEN',
    'sign-in-notice': '/sign-in?notice=confirmed',
    'sign-up': '/sign-up',
    forgot: '/sign-in/forgot',
    reset: '/sign-in/reset?token=some',
    'reset-error': '/sign-in/reset?error=INVALID_TOKEN',
    'two-factor': '/sign-in/two-factor?methods=totp,otp',
    'two-factor-mail': '/sign-in/two-factor?methods=otp',
    'invitation-signed-out': '/invitations/some',
  });
});

test('and those of an account', async ({ page, playwright }) => {
  test.slow();
  const owner = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  await person(owner, 'Charles Babbage');
  await Device.plugInto(page);
  const email = await person(page.request, 'Ada Lovelace');
  const invitation = await invite(owner, 'The Analytical Society', email);
  await owner.dispose();
  await page.request.post('/api/auth/api-key/create', {
    data: { name: 'Nightly builds', rateLimitMax: 60, rateLimitTimeWindow: 60_000, expiresIn: 2_592_000 },
  });
  await page.goto('/account?tab=sign-in');
  await page.getByRole('button', { name: 'Add a passkey …' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('list', { name: 'Passkeys' })).toBeVisible();
  await lookAt(page, {
    account: '/account',
    'account-sign-in': '/account?tab=sign-in',
    'account-sessions': '/account?tab=sessions',
    'keys-mine': '/keys',
    'keys-of-organization': '/keys?of=organization',
    invitation: new URL(invitation).pathname,
    'invitation-not-valid': '/invitations/some',
  });
});

test('and those of an organization', async ({ page }) => {
  test.slow();
  await person(page.request, 'Charles Babbage');
  const slug = `looks-${Date.now()}`;
  const post = (act: string, data: object) => page.request.post(`/api/auth/organization/${act}`, { data });
  await post('create', { name: 'The Society for the Diffusion of Analytical Knowledge', slug });
  await post('create-role', { role: 'key keeper', permission: { key: ['manage'], task: ['read'] } });
  await post('invite-members', {
    emails: [`ada@${slug}.example`, `somebody.with.a.rather.long.address@${slug}.example`],
    role: ['member', 'key keeper'],
  });
  await post('add-domain', { domain: `${slug}.example.org`, mode: 'request' });
  await lookAt(page, {
    organization: '/organization',
    'organization-members': '/organization?tab=members',
    'organization-invitations': '/organization?tab=invitations',
    'organization-roles': '/organization?tab=roles',
    'organization-teams': '/organization?tab=teams',
    'organization-domains': '/organization?tab=domains',
    'organization-audit': '/organization?tab=audit',
  });
});

test('and those of an administrator', async ({ page }) => {
  test.slow();
  await page.request.post('/api/auth/sign-in/magic-link', { data: { email: 'looks@example.com' } });
  await page.request.post('/api/auth/key', { data: { key: adminKey() } });
  const answer = await page.request.get('/api/admin/mails?limit=1');
  const { items } = (await answer.json()) as { items: { id: string }[] };
  const found = await page.request.get(
    '/api/auth/admin/list-users?limit=1&sortBy=createdAt&sortDirection=desc',
  );
  const { users } = (await found.json()) as { users: { id: string }[] };
  await lookAt(page, {
    users: '/admin/users',
    user: `/admin/users/${users[0]?.id}`,
    'all-organizations': '/admin/organizations',
    'audit-log': '/admin/audit-log',
    mails: '/admin/mails',
    mail: `/admin/mails/${items[0]?.id}`,
    'account-by-key': '/account?tab=sign-in',
    'organization-by-key': '/organization',
  });
});

test('the chosen theme stays', async ({ signedIn: page }) => {
  await page.goto('/tasks');
  const root = page.locator('html');
  await page.getByRole('button', { name: /theme: switch/ }).click();
  await page.getByRole('button', { name: /theme: switch/ }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
});
