import { readFile } from 'node:fs/promises';
import { expect, shoot, test } from './fixtures';
import { fillSignIn, isSignedIn, mailCode, mailLink, newAddress, PASSWORD, person, signIn } from './people';

const NEW_PASSWORD = 'a quite different horse';

test('signs up, confirms the address, and comes to where one wanted to go', async ({ page }) => {
  const email = newAddress('ada');
  await page.goto('/keys');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill('ada@');
  const password = page.getByLabel('Password', { exact: true });
  await password.fill('short');
  await expect(page.getByText('3 more characters')).toBeVisible();
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.getByLabel('E-mail').fill(email);
  await password.fill('password123');
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByText('Attackers try this one first')).toBeVisible();
  await expect(password).toBeFocused();
  await shoot(page, 'sign-up-compromised');
  await password.fill(PASSWORD);
  await page.getByRole('button', { name: 'Show the text of “Password”' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Create account' }).click();
  const sent = page.getByRole('region', { name: 'Ask your administrator for the link' });
  await expect(sent).toBeFocused();
  await expect(sent).toContainText(email);
  await expect(page.getByRole('button', { name: /Get another in \d+ s/ })).toBeDisabled();
  await shoot(page, 'sign-up-sent');
  await page.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByLabel('E-mail')).toHaveValue(email);

  await page.getByRole('link', { name: 'Sign in' }).click();
  await fillSignIn(page, email, PASSWORD);
  await expect(page.getByRole('alert')).toContainText('not confirmed yet');
  await page.getByRole('button', { name: 'Get another link' }).click();
  await expect(page.getByText(`The link for ${email} is in its log`)).toBeVisible();

  await page.goto(await mailLink(page.request, email, 'verify-email'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByRole('status')).toContainText(['Your address is confirmed']);
  await fillSignIn(page, email, 'not the password');
  await expect(page.getByRole('alert')).toContainText('Address or password is wrong');
  await expect(page.getByRole('alert')).toBeFocused();
  await fillSignIn(page, email, PASSWORD);
  await expect(page).toHaveURL(/\/keys$/);
  await page.getByRole('button', { name: 'Ada Lovelace' }).click();
  await expect(page.getByText(email)).toBeVisible();
  await shoot(page, 'user-menu');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  expect(await isSignedIn(page.request)).toBe(false);
});

test('signs in by a link, once', async ({ page }) => {
  const email = await person(page.request, 'Grace');
  await page.context().clearCookies();
  await page.goto('/sign-in?to=/queues');
  await page.getByRole('button', { name: 'Get a link' }).click();
  await expect(page.getByLabel('E-mail', { exact: true })).toBeFocused();
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Get a link' }).click();
  await expect(page.getByRole('region', { name: 'Ask your administrator for the link' })).toContainText(
    email,
  );
  const link = await mailLink(page.request, email, 'magic-link');
  await page.goto(link);
  const button = page.getByRole('button', { name: 'Sign in', exact: true });
  await expect(button).toBeVisible();
  expect(await isSignedIn(page.request)).toBe(false);
  await shoot(page, 'mail-link');
  await button.click();
  await expect(page).toHaveURL(/\/queues$/);
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.goto(link);
  await button.click();
  await expect(page.getByRole('alert')).toContainText('not valid any more');
});

test('signs in by a code', async ({ page }) => {
  const email = await person(page.request, 'Edsger');
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Get a code' }).click();
  const field = page.getByLabel('Code of 6 digits');
  await expect(field).toBeFocused();
  const code = await mailCode(page.request, email);
  await field.fill(code === '000000' ? '000001' : '000000');
  await expect(page.getByText('This is not the code')).toBeVisible();
  await expect(field).toBeFocused();
  await shoot(page, 'sign-in-code');
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await expect(page).toHaveURL(/\/tasks$/);
  expect(await isSignedIn(page.request)).toBe(true);
});

test('sets a new password by a mail, which ends all sessions', async ({ page, playwright }) => {
  const other = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  const email = await person(other, 'Barbara');
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page that one leaves has a field of the same name.
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
  await page.getByLabel('E-mail').fill(email);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Ask your administrator for the link' })).toContainText(
    email,
  );
  const link = await mailLink(page.request, email, 'reset-password');
  await page.goto(link);
  const field = page.getByLabel('New password', { exact: true });
  await field.fill('password1');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Attackers try this one first')).toBeVisible();
  await field.fill(NEW_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText(['Your new password is set']);
  expect(await isSignedIn(other)).toBe(false);
  await fillSignIn(page, email, NEW_PASSWORD);
  await expect(page).toHaveURL(/\/tasks$/);
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('not valid any more');
  await page.getByRole('link', { name: 'Ask for another link' }).click();
  await expect(page).toHaveURL(/\/sign-in\/forgot$/);
  await other.dispose();
});

test('changes name, picture, address and password', async ({ page, playwright }) => {
  const email = await person(page.request, 'Tony');
  const other = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  await signIn(other, email, PASSWORD);
  await page.goto('/account');
  await page.getByLabel('Name').fill('Tony Hoare');
  await page.getByLabel('Picture', { exact: true }).fill('me.png');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('Picture', { exact: true })).toBeFocused();
  const picture = new URL('/favicon.svg', page.url()).href;
  await page.getByLabel('Picture', { exact: true }).fill(picture);
  await expect(page.frameLocator('iframe').locator('img')).toBeVisible();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Tony Hoare' })).toBeVisible();
  await shoot(page, 'account-picture');

  const next = newAddress('tony');
  await page.getByRole('tab', { name: 'Sign-in' }).click();
  await page.getByLabel('New address').fill(next);
  await page.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText('Waiting for confirmation')).toBeVisible();
  await page.goto(await mailLink(page.request, email, 'confirm-new-email'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByText('One step is left')).toBeVisible();
  await shoot(page, 'account-waiting');
  await page.goto(await mailLink(page.request, next, 'verify-new-email'));
  await page.getByRole('button', { name: 'Confirm the address' }).click();
  await expect(page.getByText(`Your address is ${next}`)).toBeVisible();

  await page.getByLabel('Present password', { exact: true }).fill('not the password');
  await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('This is not your password')).toBeVisible();
  await expect(page.getByLabel('Present password', { exact: true })).toBeFocused();
  await page.getByLabel('Present password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('Changed', { exact: true })).toBeVisible();
  expect(await isSignedIn(other)).toBe(false);
  expect(await isSignedIn(page.request)).toBe(true);
  await signIn(other, next, NEW_PASSWORD);
  await other.dispose();
});

test('ends all sessions, this one too', async ({ page, playwright }) => {
  const email = await person(page.request, 'Alan');
  const other = await playwright.request.newContext({ baseURL: process.env.MAINSTAY_URL });
  await signIn(other, email, PASSWORD);
  await page.goto('/account?tab=sessions');
  await page.getByRole('button', { name: 'End all, this one too' }).click();
  await page.getByRole('button', { name: 'End all', exact: true }).click();
  await expect(page.getByRole('status')).toContainText(['All your sessions have ended']);
  expect(await isSignedIn(other)).toBe(false);
  expect(await isSignedIn(page.request)).toBe(false);
  await other.dispose();
});

test('deletes the account, by the password', async ({ page }) => {
  const email = await person(page.request, 'Kristen');
  await page.goto('/account');
  await page.getByRole('button', { name: 'Delete the account …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete the account?' });
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(dialog.getByLabel(/^Type/)).toBeFocused();
  await dialog.getByLabel(/^Type/).fill(email);
  await dialog.getByLabel('Your password', { exact: true }).fill('not the password');
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(dialog.getByText('This is not your password')).toBeVisible();
  await shoot(page, 'account-delete');
  await dialog.getByLabel('Your password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByRole('status')).toContainText(['Your account is deleted']);
  await fillSignIn(page, email, PASSWORD);
  await expect(page.getByRole('alert')).toContainText('Address or password is wrong');
});

test('says so when one has no password, and sets a first one', async ({ page }) => {
  const email = newAddress('donald');
  await page.goto('/sign-in?to=/account?tab=sign-in');
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByRole('button', { name: 'Get a link' }).click();
  await expect(page.getByRole('region', { name: 'Ask your administrator for the link' })).toBeVisible();
  await page.goto(await mailLink(page.request, email, 'magic-link'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/account\?tab=sign-in$/);
  await page.getByLabel('New password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByLabel('Present password', { exact: true })).toBeVisible();
  await page.context().clearCookies();
  await signIn(page.request, email, PASSWORD);
});

test('says how long to wait after too many attempts, and what a closed server says', async ({ page }) => {
  await page.route('**/api/auth/sign-in/email', (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      headers: { 'Retry-After': '840' },
      body: JSON.stringify({ type: 'urn:mainstay:problem:too-many-requests', status: 429, retryAfter: 840 }),
    }),
  );
  await page.goto('/sign-in');
  await fillSignIn(page, 'somebody@example.com', PASSWORD);
  await expect(page.getByRole('alert')).toContainText('Try again in 14 minutes');
  await page.route('**/api/auth/sign-up/email', (route) =>
    route.fulfill({
      status: 400,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'urn:mainstay:problem:email-password-sign-up-disabled',
        status: 400,
        detail: 'Sign-up is by invitation',
      }),
    }),
  );
  await page.goto('/sign-up');
  await page.getByLabel('Name').fill('Somebody');
  await page.getByLabel('E-mail').fill('somebody@example.com');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.getByRole('alert')).toContainText('Sign-up is by invitation. Ask whoever runs it.');
  await expect(page.getByRole('alert')).toBeFocused();
});

test('downloads what the server keeps about the account', async ({ page }) => {
  const email = await person(page.request, 'Emmy');
  await page.goto('/account');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download my data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('mainstay-account.json');
  const kept = JSON.parse(await readFile(await file.path(), 'utf8')) as { user: { email: string } };
  expect(kept.user.email).toBe(email);
});
