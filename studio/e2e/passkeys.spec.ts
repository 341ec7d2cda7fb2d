import type { Page } from '@playwright/test';
import { enableApp } from './authenticator';
import { expect, shoot, test } from './fixtures';
import { Device, suggestNothing } from './passkey';
import { isSignedIn, person } from './people';

const passkeys = (page: Page) => page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem');

async function add(page: Page, name: string): Promise<void> {
  await page.goto('/account?tab=sign-in');
  await page.getByRole('button', { name: 'Add a passkey …' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(/^Chrome on/);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(passkeys(page).filter({ hasText: name })).toHaveCount(1);
}

async function signOut(page: Page): Promise<void> {
  await page.request.post('/api/auth/sign-out', { data: {} });
  expect(await isSignedIn(page.request)).toBe(false);
}

test('is added, renamed, used to sign in, and removed', async ({ page }) => {
  await suggestNothing(page);
  const device = await Device.plugInto(page);
  await person(page.request, 'Ada');
  await add(page, 'Laptop');
  expect(await device.count()).toBe(1);
  await expect(passkeys(page)).toContainText('On one device alone');
  await shoot(page, 'passkeys');

  const rename = page.getByRole('button', { name: 'Rename Laptop' });
  await rename.click();
  await page.getByLabel('Name', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(page.getByText('Give it a name')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(rename).toBeFocused();
  await rename.click();
  await page.getByLabel('Name', { exact: true }).fill('The old laptop');
  await page.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(passkeys(page)).toContainText('The old laptop');

  await signOut(page);
  await page.goto('/sign-in?to=/account?tab=sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL(/\/account\?tab=sign-in/);
  await expect(passkeys(page)).toContainText('The old laptop');

  await page.getByRole('button', { name: 'Remove The old laptop' }).click();
  await page.getByRole('button', { name: 'Remove passkey' }).click();
  await expect(passkeys(page)).toHaveCount(0);
  await signOut(page);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('This passkey is not known here');
  await shoot(page, 'passkey-refused');
  expect(await isSignedIn(page.request)).toBe(false);
});

test('is suggested in the form, where nobody has to press a button', async ({ page }) => {
  const device = await Device.plugInto(page);
  await person(page.request, 'Ada');
  await add(page, 'Phone');
  await signOut(page);
  // Whoever picks the suggestion touches the device: this one does it by itself.
  await page.goto('/sign-in?to=/keys');
  await expect(page).toHaveURL(/\/keys$/);
  expect(await device.count()).toBe(1);
});

test('says so when no passkey was used, or the device has one already', async ({ page }) => {
  await suggestNothing(page);
  const device = await Device.plugInto(page);
  await person(page.request, 'Ada');
  await add(page, 'Laptop');
  await page.getByRole('button', { name: 'Add a passkey …' }).click();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('alert')).toContainText('has a passkey for this account already');
  await page.keyboard.press('Escape');
  await expect(passkeys(page)).toHaveCount(1);

  await device.forget();
  await signOut(page);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('No passkey was used');
  expect(await isSignedIn(page.request)).toBe(false);
});

test('spares the second factor on a device that recognizes its person', async ({ page }) => {
  await suggestNothing(page);
  await Device.plugInto(page);
  await person(page.request, 'Ada');
  await enableApp(page.request);
  await add(page, 'Laptop');
  await signOut(page);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  expect(await isSignedIn(page.request)).toBe(true);
});
