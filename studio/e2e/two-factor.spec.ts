import { appCode, enableApp } from './authenticator';
import { expect, shoot, test } from './fixtures';
import { fillSignIn, isSignedIn, mailCode, mailLink, PASSWORD, person } from './people';

test('asks for the code of the app, and no more in a browser that is trusted', async ({ page }) => {
  const email = await person(page.request, 'Grace');
  const { secret } = await enableApp(page.request);
  await page.context().clearCookies();
  await page.goto('/sign-in?to=/queues');
  await fillSignIn(page, email, PASSWORD);
  const field = page.getByLabel('Code of the app');
  await expect(field).toBeFocused();
  expect(await isSignedIn(page.request)).toBe(false);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('The code has 6 digits')).toBeVisible();
  const code = appCode(secret, 0);
  await field.fill(code === '000000' ? '000001' : '000000');
  await page.keyboard.press('Enter');
  await expect(page.getByText('This is not the code')).toBeVisible();
  await expect(field).toBeFocused();
  await shoot(page, 'two-factor-app');
  await page.getByLabel('Trust this browser for 30 days').check();
  await field.fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/queues$/);
  expect(await isSignedIn(page.request)).toBe(true);

  await page.getByRole('button', { name: 'Grace' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await fillSignIn(page, email, PASSWORD);
  await expect(page).toHaveURL(/\/tasks$/);
});

test('takes a code by mail, or a backup code, once', async ({ page }) => {
  const email = await person(page.request, 'Edsger');
  const { backupCodes } = await enableApp(page.request);
  await page.context().clearCookies();
  await page.goto('/sign-in');
  await fillSignIn(page, email, PASSWORD);
  await page.getByRole('button', { name: 'Send a code by mail' }).click();
  await page.getByRole('button', { name: 'Get a code' }).click();
  const field = page.getByLabel('Code of the mail');
  await expect(field).toBeFocused();
  await shoot(page, 'two-factor-mail');
  await field.fill(await mailCode(page.request, email));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/tasks$/);

  const [backup = ''] = backupCodes;
  for (const outcome of ['in', 'refused'] as const) {
    await page.context().clearCookies();
    await page.goto('/sign-in');
    await fillSignIn(page, email, PASSWORD);
    await page.getByRole('button', { name: 'Use a backup code' }).click();
    await page.getByLabel('Backup code').fill(backup.toUpperCase());
    await page.keyboard.press('Enter');
    if (outcome === 'in') {
      await expect(page).toHaveURL(/\/tasks$/);
    } else {
      await expect(page.getByText('This is no backup code of yours')).toBeVisible();
    }
  }
});

test('is asked for after a link too, and begins again once it is too late', async ({ page }) => {
  const email = await person(page.request, 'Barbara');
  const { secret } = await enableApp(page.request);
  await page.context().clearCookies();
  const askForLink = async () => {
    await page.getByLabel('E-mail', { exact: true }).fill(email);
    await page.getByRole('button', { name: 'Get a link' }).click();
    await expect(page.getByRole('region', { name: 'Ask your administrator for the link' })).toBeVisible();
    await page.goto(await mailLink(page.request, email, 'magic-link'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page).toHaveURL(/\/sign-in\/two-factor\?/);
  };
  await page.goto('/sign-in?to=/keys');
  await askForLink();
  await expect(page.getByRole('button', { name: 'Send a code by mail' })).toHaveCount(0);
  await page.context().clearCookies();
  await page.getByLabel('Code of the app').fill('123456');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('taken too long');
  await askForLink();
  await page.getByLabel('Code of the app').fill(appCode(secret, 0));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/keys$/);
});

test('is turned on by an app, gets new backup codes, and is turned off', async ({ page }) => {
  await person(page.request, 'Donald');
  await page.goto('/account?tab=sign-in');
  const part = page.getByRole('region', { name: 'Second factor' });
  const password = part.getByLabel('Your password', { exact: true });
  await part.getByRole('button', { name: 'Set up an app …' }).click();
  await password.fill('not the password');
  await part.getByRole('button', { name: 'Go on' }).click();
  await expect(part.getByText('This is not your password')).toBeVisible();
  await expect(password).toBeFocused();
  await password.fill(PASSWORD);
  await page.keyboard.press('Enter');
  const shown = part.getByText(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  await expect(shown).toBeVisible();
  const secret = ((await shown.textContent()) ?? '').replaceAll(' ', '');
  await shoot(page, 'account-two-factor-app');
  await part.getByLabel('Code that the app shows').fill(appCode(secret, 0));
  await part.getByRole('button', { name: 'Turn it on' }).click();
  const codes = page.getByRole('region', { name: 'Backup codes' });
  await expect(codes).toBeFocused();
  await expect(codes.getByRole('listitem')).toHaveCount(10);
  await shoot(page, 'account-backup-codes');
  const first = (await codes.getByRole('listitem').first().textContent()) ?? '';
  const download = page.waitForEvent('download');
  await codes.getByRole('link', { name: 'Download' }).click();
  expect((await download).suggestedFilename()).toBe('mainstay-backup-codes.txt');
  await codes.getByRole('button', { name: 'I have kept them' }).click();
  await expect(part.getByText('You are asked for a code')).toBeVisible();

  await part.getByRole('button', { name: 'New backup codes …' }).click();
  await password.fill(PASSWORD);
  await part.getByRole('button', { name: 'Make new codes' }).click();
  await expect(codes.getByRole('listitem')).toHaveCount(10);
  await expect(codes.getByText(first)).toHaveCount(0);
  await codes.getByRole('button', { name: 'I have kept them' }).click();

  await part.getByRole('button', { name: 'Turn it off …' }).click();
  await password.fill(PASSWORD);
  await part.getByRole('button', { name: 'Turn it off' }).click();
  await expect(part.getByRole('button', { name: 'Set up an app …' })).toBeVisible();
  expect(await isSignedIn(page.request)).toBe(true);
});
