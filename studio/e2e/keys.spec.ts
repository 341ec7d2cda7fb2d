import type { APIRequestContext } from '@playwright/test';
import { expect, shoot, test } from './fixtures';
import { person } from './people';

test('creates a key, shows its secret once, and revokes it', async ({ signedIn: page }) => {
  const name = `key ${Date.now()}`;
  await page.goto('/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('tasks:write').uncheck();
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByText(/^ms_[\w-]{20,}$/).innerText();
  const read = await page.request.get('/api/tasks', { headers: { Authorization: `Bearer ${secret}` } });
  expect(read.status()).toBe(200);
  const write = await page.request.post('/api/tasks', {
    headers: { Authorization: `Bearer ${secret}` },
    data: {},
  });
  expect(write.status()).toBe(403);

  await page.reload();
  await expect(page.getByText(secret)).toBeHidden();
  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('button', { name: 'Revoke key', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText('Revoked');
  const after = await page.request.get('/api/tasks', { headers: { Authorization: `Bearer ${secret}` } });
  expect(after.status()).toBe(401);
});

async function statusWith(request: APIRequestContext, secret: string): Promise<number> {
  const answer = await request.get('/api/tasks', {
    headers: { Authorization: `Bearer ${secret}`, Cookie: '' },
  });
  return answer.status();
}

test('makes a key with an end and limits, switches it off, rotates and deletes it', async ({ page }) => {
  await person(page.request, 'Ada');
  await page.goto('/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('Say what it is for')).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('CI');
  await page.getByLabel('Ends after').selectOption({ label: '30 days' });
  await page.getByText('Limits', { exact: true }).click();
  await page.getByLabel('Requests at most').fill('many');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByText('A whole number from 1')).toBeVisible();
  await page.getByLabel('Requests at most').fill('100');
  await page.getByLabel('Requests in all').fill('1000');
  await page.getByLabel('Set anew to').fill('500');
  await shoot(page, 'key-dialog');
  await page.getByRole('button', { name: 'Create key' }).click();
  const secret = await page.getByText(/^ms_[\w-]{20,}$/).innerText();
  expect(await statusWith(page.request, secret)).toBe(200);
  await page.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('list', { name: 'API keys' }).getByRole('listitem');
  await expect(row).toContainText('100 requests per minute');
  await expect(row).toContainText('Ends in 30 d');

  const on = page.getByRole('switch', { name: 'CI is on' });
  await on.click();
  await expect(on).not.toBeChecked();
  await expect.poll(() => statusWith(page.request, secret)).toBe(401);
  await expect(page.getByRole('button', { name: 'Rotate CI' })).toBeDisabled();
  await on.click();
  await expect(on).toBeChecked();
  await expect(row).toContainText('999 requests left, 500 again every day');

  await page.getByRole('button', { name: 'Rotate CI' }).click();
  await page.getByLabel('The old key goes on for').selectOption({ label: 'It ends at once' });
  await page.getByRole('button', { name: 'Rotate key' }).click();
  const next = await page.getByText(/^ms_[\w-]{20,}$/).innerText();
  expect(next).not.toBe(secret);
  expect(await statusWith(page.request, next)).toBe(200);
  expect(await statusWith(page.request, secret)).toBe(401);
  await page.reload();
  await expect(page.getByText(next)).toHaveCount(0);
  await shoot(page, 'keys-mine');
  await page.getByRole('button', { name: 'Delete CI' }).last().click();
  await page.getByRole('button', { name: 'Delete key' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('makes a key of the organization', async ({ page }) => {
  await person(page.request, 'Ada');
  await page.goto('/keys');
  await page.getByRole('tab', { name: 'Of the organization' }).click();
  await expect(page.getByText('No keys yet')).toBeVisible();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Robot');
  await page.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('list', { name: 'API keys' })).toContainText('Robot');
  await page.getByRole('tab', { name: 'Mine' }).click();
  await expect(page.getByText('No keys yet')).toBeVisible();
});
