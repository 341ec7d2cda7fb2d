import type { Page } from '@playwright/test';
import { expect, shoot, test } from './fixtures';
import { newAddress } from './people';

/** The server of these tests sends no mail; as one that does, and with another rule for sign-ups. */
async function offer(page: Page, options: { signUp?: string; sendsMail?: boolean }) {
  await page.route('**/api/auth/options', (route) =>
    route.fulfill({ json: { signUp: 'open', sendsMail: false, ...options } }),
  );
}

const WAYS = [
  {
    name: 'a sign-in link',
    ask: async (page: Page, email: string, button: string) => {
      await page.goto('/sign-in');
      await page.getByLabel('E-mail', { exact: true }).fill(email);
      await page.getByRole('button', { name: `${button} a link` }).click();
    },
  },
  {
    name: 'a code',
    ask: async (page: Page, email: string, button: string) => {
      await page.goto('/sign-in');
      await page.getByLabel('E-mail', { exact: true }).fill(email);
      await page.getByRole('button', { name: `${button} a code` }).click();
    },
  },
  {
    name: 'a new password',
    ask: async (page: Page, email: string) => {
      await page.goto('/sign-in/forgot');
      await page.getByLabel('E-mail', { exact: true }).fill(email);
      await page.getByRole('button', { name: 'Get a link' }).click();
    },
  },
];

for (const { name, ask } of WAYS) {
  test(`${name} is said to be sent only where the server sends mail`, async ({ page }) => {
    await ask(page, newAddress('unsent'), 'Get');
    await expect(page.getByText('This server sends no email. If')).toBeVisible();
    await expect(page.getByText(/on its way|Check your email/)).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Get another in/ })).toBeDisabled();

    await offer(page, { sendsMail: true });
    await ask(page, newAddress('sent'), 'Email me');
    await expect(page.getByText(/, a (link|code) is on its way/)).toBeVisible();
    await expect(page.getByText('sends no email')).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Send again in/ })).toBeDisabled();
  });
}

test('offers an account only where one can be had', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByText('New here?')).toBeVisible();
  await shoot(page, 'sign-in-no-mail');
  await offer(page, { signUp: 'invited' });
  await page.goto('/sign-in');
  await page.getByText('Invited?').getByRole('link', { name: 'Create an account' }).click();
  await expect(page.getByText('Sign-up is by invitation')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create account' })).toBeVisible();
  await shoot(page, 'sign-up-invited');
  await page.unroute('**/api/auth/options');
  await offer(page, { signUp: 'closed' });
  await page.goto('/sign-in');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Create an account' })).toHaveCount(0);
  await page.goto('/sign-up');
  await expect(page.getByText('Nobody can sign up here')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Create account' })).toHaveCount(0);
});
