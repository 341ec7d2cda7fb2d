import { expect, test } from './fixtures';

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
