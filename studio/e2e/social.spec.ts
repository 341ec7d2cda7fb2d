import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { newAddress, person } from './people';

/** Gives a name at the provider, and agrees. */
async function agree(page: Page, name: string): Promise<void> {
  await page.getByPlaceholder('Enter any login').fill(name);
  await page.getByPlaceholder('and password').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

test('signs up by an account elsewhere, and comes to where one wanted to go', async ({ page }) => {
  const address = newAddress('elsewhere');
  await page.goto('/sign-up?to=/account?tab=sign-in');
  await page.getByRole('button', { name: 'Continue with Example' }).click();
  await agree(page, address);
  await expect(page).toHaveURL(/\/account\?tab=sign-in$/);
  await expect(page.getByRole('list', { name: 'Linked accounts' })).toContainText('Example');
  await expect(page.getByRole('button', { name: 'Unlink Example' })).toBeDisabled();
});

test('says why nobody came in', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with Example' }).click();
  await agree(page, `unverified-${newAddress('x')}`);
  await expect(page.getByRole('alert')).toContainText('Your address is not confirmed');
  await expect(page).toHaveURL(/\/sign-in\?/);
});

test('links an account, and gives it up again', async ({ page }) => {
  await person(page.request, 'Linda');
  await page.goto('/account?tab=sign-in');
  await page.getByRole('button', { name: 'Link Example' }).click();
  await agree(page, newAddress('linked'));
  await expect(page).toHaveURL(/\/account\?tab=sign-in$/);
  await page.getByRole('button', { name: 'Unlink Example' }).click();
  await page.getByRole('button', { name: 'Unlink', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Linked accounts' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Link Example' })).toBeVisible();
});
