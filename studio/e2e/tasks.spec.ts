import { cancelTask, createTask, expect, shoot, test, tomorrow } from './fixtures';

test('keeps its filters in the URL, and hears of changes live', async ({ signedIn: page }) => {
  const word = `filter${Date.now()}`;
  const one = await createTask(page, { prompt: `${word} one`, priority: 'P0', notBefore: tomorrow() });
  const two = await createTask(page, { prompt: `${word} two`, priority: 'P3', notBefore: tomorrow() });
  await page.goto('/tasks');
  await page.getByLabel('Search tasks').fill(word);
  await expect(page).toHaveURL(new RegExp(`q=${word}`));
  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  await expect(rows).toHaveCount(2);
  await page.getByLabel('Priority').selectOption('P0');
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/priority=P0/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await expect(page.getByLabel('Search tasks')).toHaveValue(word);

  await expect(page.getByText('Live', { exact: true })).toBeVisible();
  await cancelTask(page, one);
  await expect(rows.first()).toContainText('Canceled');
  await createTask(page, { prompt: `${word} three`, priority: 'P0', notBefore: tomorrow() }).then(
    async (three) => {
      await expect(rows).toHaveCount(2);
      await cancelTask(page, three);
    },
  );
  await page.getByLabel('Status').selectOption('Failed');
  await expect(page.getByRole('heading', { name: 'No task matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  await cancelTask(page, two);
});

test('is used by the keyboard alone', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'By keyboard.', notBefore: tomorrow() });
  await page.goto('/tasks');
  const rows = page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  await expect(rows.first()).toContainText('By keyboard.');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search tasks')).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(rows.first()).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/tasks/${id}$`));
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/\/tasks\/new$/);
  await cancelTask(page, id);
});

test('says so while the connection is gone', async ({ signedIn: page }) => {
  await page.routeWebSocket('/ws', (socket) => void socket.close());
  await page.goto('/tasks');
  await expect(page.getByText('Reconnecting …')).toBeVisible();
  await shoot(page, 'tasks-reconnecting');
});
