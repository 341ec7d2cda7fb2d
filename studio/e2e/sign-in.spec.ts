import type { Page } from '@playwright/test';
import { expect, key, link, test } from './fixtures';

async function byKey(page: Page, secret: string): Promise<void> {
  const field = page.getByLabel('API key');
  if (!(await field.isVisible())) {
    await page.getByText('Other ways', { exact: true }).click();
  }
  await field.fill(secret);
  await page.keyboard.press('Enter');
}

test('signs in by the link, once, and forgets its token', async ({ page }) => {
  await page.goto(`${link()}&to=/tasks?priority=P1`);
  await expect(page).toHaveURL(/\/tasks\?priority=P1$/);
  await expect(page.getByRole('heading', { name: 'Tasks' })).toBeVisible();
  await page.goBack();
  await expect(page).not.toHaveURL(/token/);

  await page.goto('/account?tab=sign-in');
  await expect(page.getByLabel('Your address')).toBeVisible();
  await expect(page.getByText('Set an address first')).toBeVisible();
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page.getByRole('button', { name: 'Delete the account …' }).click();
  await page.getByLabel(/^Type “delete”/).fill('delete');
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('alert')).toContainText('The server needs an administrator');
  await expect(page.getByRole('alert')).toBeFocused();

  await page.context().clearCookies();
  await page.goto(link());
  await expect(page.getByRole('alert')).toContainText('used already');
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('signs in by a key, comes back to where one wanted to go, and signs out', async ({ page }) => {
  await page.goto('/keys');
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fkeys/);
  await byKey(page, 'ms_not-a-key');
  await expect(page.getByRole('alert')).toContainText('not known');
  await expect(page.getByRole('alert')).toBeFocused();
  await byKey(page, key());
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();

  await page.getByRole('button', { name: 'Owner' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto('/tasks');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('never leads to another site', async ({ page }) => {
  await page.goto('/sign-in?to=//evil.example/x');
  await byKey(page, key());
  await expect(page).toHaveURL(/\/tasks$/);
});

test('says what a link of a mail did not do, and repeats nothing of it', async ({ page }) => {
  await page.goto('/sign-in?error=TOKEN_EXPIRED');
  await expect(page.getByRole('alert')).toContainText('not valid any more');
  await page.goto('/sign-in?error=Call+555-0100');
  await expect(page.getByRole('alert')).toContainText('That did not work');
  await expect(page.getByText('555-0100')).toHaveCount(0);
});
