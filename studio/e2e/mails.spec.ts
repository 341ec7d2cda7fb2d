import { adminKey, expect, shoot, test } from './fixtures';
import { newAddress } from './people';

test('shows administrators the mails, whose links they can open, and tries one again', async ({ page }) => {
  const email = newAddress('mails');
  await page.request.post('/api/auth/request-password-reset', { data: { email: 'nobody@example.com' } });
  await page.request.post('/api/auth/sign-in/magic-link', { data: { email } });
  await page.request.post('/api/auth/key', { data: { key: adminKey() } });
  await page.goto('/tasks');
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('link', { name: 'Mails' }).click();
  const row = page.getByRole('list', { name: 'Mails' }).getByRole('listitem').filter({ hasText: email });
  await expect(row).toContainText('magic-link');
  await expect(row).toContainText('In the log');
  await expect(page.getByText('Set MAINSTAY_SMTP_URL')).toBeVisible();
  await shoot(page, 'mails');
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.getByRole('button', { name: 'Write to the log again' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.getByRole('region', { name: 'Text' }).getByRole('link').click();
  await expect(page).not.toHaveURL(/admin/);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  const session = await page.request.get('/api/auth/get-session');
  expect(((await session.json()) as { user: { email: string } }).user.email).toBe(email);
});

test('shows others no mails', async ({ signedIn: page }) => {
  await page.goto('/admin/mails');
  await expect(page.getByText('This needs the scope instance:admin')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Admin', exact: true })).toHaveCount(0);
});
