import { expect, test } from './fixtures';

test('the reference needs no sign-in', async ({ page }) => {
  await page.goto('/docs');
  await page.getByLabel('Find an endpoint').fill('create task');
  const create = page.getByRole('article').filter({ hasText: 'Create a task' });
  await create.getByRole('button').first().click();
  await expect(create).toContainText('tasks:write');
  await expect(create).toContainText('repoUrl');
  await expect(create).toContainText('curl');
  await expect(page).toHaveURL(/\/docs$/);
});

test('a page that does not exist says so', async ({ signedIn: page }) => {
  await page.goto('/tasks/00000000-0000-7000-8000-000000000000');
  await expect(page.getByRole('heading', { name: 'There is no such task' })).toBeVisible();
});
