import { expect, key, link, test } from './fixtures';

test('signs in by the link, once, and forgets its token', async ({ page }) => {
  await page.goto(`${link()}&to=/tasks?priority=P1`);
  await expect(page).toHaveURL(/\/tasks\?priority=P1$/);
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/token/);

  await page.context().clearCookies();
  await page.goto(link());
  await expect(page.getByRole('alert')).toContainText('used already');
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('signs in by a key, comes back to where one wanted to go, and signs out', async ({ page }) => {
  await page.goto('/keys');
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fkeys/);
  await page.getByLabel('API key').fill('ms_not-a-key');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('not known');
  await page.getByLabel('API key').fill(key());
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();

  await page.getByRole('button', { name: 'Owner' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/tasks');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('never leads to another site', async ({ page }) => {
  await page.goto('/sign-in?to=//evil.example/x');
  await page.getByLabel('API key').fill(key());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tasks$/);
});
