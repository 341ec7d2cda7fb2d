import { expect, shoot, test } from './fixtures';

/** Every page that is loaded when it is opened, those for everybody too. */
const PAGES = [
  '/tasks/new',
  '/queues',
  '/queues/mail',
  '/keys',
  '/account',
  '/organization',
  '/admin/users',
  '/docs',
  '/sign-up',
  '/sign-in/forgot',
  '/invitations/x',
];

for (const path of PAGES) {
  test(`${path} is never shown as a framework's error`, async ({ signedIn: page }) => {
    let away = true;
    await page.goto('/tasks');
    await expect(page.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible();
    // As when the server is restarted: neither the part of the program nor the server can be reached.
    await page.route('**/assets/*', (route) => (away ? route.abort() : route.continue()));
    await page.route('**/health/live', (route) => (away ? route.abort() : route.continue()));
    await page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, path);
    await expect(page.getByRole('heading', { name: 'The server can’t be reached' })).toBeVisible();
    await expect(page.getByText(/Application Error|Hey developer/)).toHaveCount(0);
    if (path === '/queues') await shoot(page, 'server-away');
    away = false;
    await expect(page.getByRole('heading', { name: 'The server can’t be reached' })).toHaveCount(0);
    await expect(page.getByText(/Application Error|Hey developer/)).toHaveCount(0);
    expect(new URL(page.url()).pathname.startsWith(path)).toBe(true);
  });
}

/** Pages that are filled from the API, and what they show then. */
const FILLED = [
  { path: '/queues', shown: 'Queues' },
  { path: '/account', shown: 'Account' },
  { path: '/organization', shown: /./ },
  { path: '/docs', shown: 'API reference' },
];

for (const { path, shown } of FILLED) {
  test(`${path} is filled as soon as the server answers again`, async ({ signedIn: page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1, name: shown })).toBeVisible();
    let away = true;
    await page.route(/\/(api|health)\/|openapi/, (route) => (away ? route.abort() : route.continue()));
    await page.goto(path);
    await expect(page.getByText(/can.?.?t be reached|cannot be reached/).first()).toBeVisible();
    await expect(page.getByRole('link', { name: 'Sign in' })).toHaveCount(0);
    away = false;
    await expect(page.getByRole('heading', { level: 1, name: shown })).toBeVisible();
    await expect(page.getByText(/can.?.?t be reached|cannot be reached/)).toHaveCount(0);
  });
}

test('a part of the program that is gone is said in words, and not asked for for ever', async ({
  signedIn: page,
}) => {
  await page.goto('/tasks');
  await expect(page.getByRole('heading', { name: 'Tasks', exact: true })).toBeVisible();
  // As after an upgrade of the server: the names of the parts have changed.
  await page.route('**/assets/KeysPage*', (route) => route.fulfill({ status: 404, body: '' }));
  await page.getByRole('link', { name: 'Keys' }).click();
  await expect(page.getByRole('heading', { name: 'Something went wrong' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Queues' })).toBeVisible();
  await page.unroute('**/assets/KeysPage*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();
});

test('a fresh sign-in link works in a tab where an old one has failed', async ({ page }) => {
  await page.goto('/sign-in#token=used-up-long-ago');
  await expect(page.getByRole('alert')).toContainText('used already');
  await page.route('**/api/auth/link', (route) => route.fulfill({ status: 204 }));
  await page.evaluate(() => {
    location.hash = '#token=fresh';
  });
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page).not.toHaveURL(/token/);
});
