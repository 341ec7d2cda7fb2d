import { expect, test, key } from './fixtures';

test('shows the sessions, and ends one of another browser', async ({ signedIn: page, playwright }) => {
  const phone = await playwright.request.newContext({
    baseURL: process.env.MAINSTAY_URL,
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  });
  expect((await phone.post('/api/auth/key', { data: { key: key() } })).status()).toBe(204);
  expect((await phone.get('/api/me')).status()).toBe(200);

  await page.goto('/tasks');
  await page.getByRole('button', { name: 'Owner' }).click();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('tab', { name: 'Sessions' }).click();
  await expect(page).toHaveURL(/tab=sessions/);
  await expect(page.getByRole('listitem').filter({ hasText: 'This browser' })).toContainText(
    'Chrome on Linux',
  );
  await page.getByRole('button', { name: 'End the session of Safari on iPhone' }).click();
  await page.getByRole('button', { name: 'End session', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Safari on iPhone' })).toHaveCount(0);
  expect((await phone.get('/api/me')).status()).toBe(401);
  expect((await page.request.get('/api/me')).status()).toBe(200);
  await phone.dispose();
});

test('a session by a key changes nothing of the account', async ({ signedIn: page }) => {
  await page.goto('/account');
  await expect(page.getByText('You have signed in by a key')).toBeVisible();
  await expect(page.getByLabel('Name')).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Delete the account …' })).toBeDisabled();
});
