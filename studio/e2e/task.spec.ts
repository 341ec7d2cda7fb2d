import { cancelTask, createTask, expect, repository, shoot, status, test, tomorrow } from './fixtures';

test('creates a task by the form, watches it live to the end and reads the diff', async ({
  signedIn: page,
}) => {
  await page.goto('/tasks');
  await page
    .getByRole('link', { name: /^New task|first task/ })
    .first()
    .click();
  await page.getByLabel('Repository').fill(repository());
  await page.getByLabel('What to do').fill('Fix the failing test.\n\nRun `test.sh` before and after.');
  await page.getByLabel('What to do').press('Control+Enter');

  await expect(page).toHaveURL(/\/tasks\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: 'Fix the failing test.' })).toBeVisible();
  await expect(page.getByText('scripted model').first()).toBeVisible();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline.locator('[data-tool="read"]')).toHaveCount(3);
  await shoot(page, 'task-live');
  await expect(status(page)).toHaveText('Succeeded');
  await expect(page.getByText(/Pushed [0-9a-f]{10} to mainstay\//)).toBeVisible();

  const failed = timeline.locator('[data-tool="bash"]').first();
  await failed.getByRole('button').first().click();
  await expect(failed.getByLabel('Output of bash')).toContainText('FAIL');
  await expect(timeline.getByRole('heading', { name: 'Done' })).toBeVisible();
  await shoot(page, 'task-done');

  await page.getByRole('tab', { name: 'Diff' }).click();
  await expect(page).toHaveURL(/\?tab=diff$/);
  await expect(page.getByRole('region', { name: 'greet.sh' })).toContainText('echo "Hello, $1!"');
  await shoot(page, 'task-diff');

  await page.getByRole('tab', { name: 'Raw events' }).click();
  const counted = await page.getByText(/^\d+ of \d+ events$/).innerText();
  const total = Number(counted.split(' ')[2]);
  const seqs = await page.locator('.raw-seq').allInnerTexts();
  expect(seqs.map(Number)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  await page.getByLabel('Event type').selectOption('tool_result');
  await expect(page.getByText(/^\d+ of \d+ events$/)).not.toHaveText(counted);
  await page.reload();
  await expect(page.getByText(counted)).toBeVisible();
});

test('rejects a change with a reason, then approves the next', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Fix it, but let me look first.', review: 'before-push' });
  await page.goto(`/tasks/${id}`);
  await expect(status(page)).toHaveText('Needs review');
  const review = page.getByRole('region', { name: 'Review' });
  await expect(review.getByRole('listitem').filter({ hasText: 'greet.sh' })).toContainText('+1');
  await shoot(page, 'task-review');

  await review.getByRole('button', { name: 'Reject' }).click();
  await review.getByRole('button', { name: 'Reject with this reason' }).click();
  await expect(review.getByRole('alert')).toContainText('needs a reason');
  await review.getByLabel('Why').fill('Say **why** in the README.');
  await review.getByRole('button', { name: 'Reject with this reason' }).click();
  await expect(page.getByRole('list', { name: 'Timeline' })).toContainText('Say why in the README.');

  await expect(status(page)).toHaveText('Needs review');
  await review.getByRole('button', { name: 'Read the diff' }).click();
  await expect(page.getByRole('region', { name: 'greet.sh' })).toBeVisible();
  await review.getByRole('button', { name: 'Approve and push' }).click();
  await expect(status(page)).toHaveText('Succeeded');
  await expect(page.getByText(/Pushed [0-9a-f]{10} to/)).toBeVisible();
});

test('says something to a running task, which is heard', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Fix it and listen.' });
  await page.goto(`/tasks/${id}`);
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline.getByText('Agent').first()).toBeVisible();
  await page.getByLabel('Message to the agent').fill('Keep it short.');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(timeline.locator('.item-user').filter({ hasText: 'Keep it short.' })).toHaveCount(1);
  await expect(status(page)).toHaveText('Succeeded');
  await expect(page.getByLabel('Message to the agent')).toBeHidden();
});

test('cancels after asking, and retries', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Wait for tomorrow.', notBefore: tomorrow() });
  await page.goto(`/tasks/${id}`);
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await page.getByRole('button', { name: 'Go back' }).click();
  await expect(status(page)).toHaveText('Queued');
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await page.getByRole('button', { name: 'Cancel the task' }).click();
  await expect(status(page)).toHaveText('Canceled');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(status(page)).toHaveText('Succeeded');
});

test('cancels a task that runs', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Begin.' });
  await page.goto(`/tasks/${id}`);
  await expect(page.locator('[data-tool]').first()).toBeVisible();
  await page.getByRole('button', { name: 'Cancel task' }).click();
  await page.getByRole('button', { name: 'Cancel the task' }).click();
  await expect(status(page)).toHaveText('Canceled');
  await expect(page.getByText('A retry goes on').or(page.getByText('Retry goes on'))).toBeVisible();
});

test('explains why a task failed', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Two turns.', limits: { maxTurns: 2 } });
  await page.goto(`/tasks/${id}`);
  await expect(status(page)).toHaveText('Failed');
  await expect(page.getByRole('alert')).toContainText('max_turns');
  await expect(page.getByRole('alert')).toContainText('used up its turns');
  await shoot(page, 'task-failed');
});

test('comes back by itself after the connection was lost, with each event once', async ({
  signedIn: page,
}) => {
  const id = await createTask(page, { prompt: 'Survive a cut.' });
  // The first stream breaks off within its second event, the next are refused; then all is well.
  let streams = 0;
  let restored = false;
  await page.route(`**/api/tasks/${id}/events`, async (route) => {
    streams++;
    if (streams === 1) {
      const first = await page.request.get(`/api/tasks/${id}/events?limit=1`);
      const { items } = (await first.json()) as { items: unknown[] };
      await route.fulfill({
        contentType: 'text/event-stream',
        body: `id: 1\ndata: ${JSON.stringify(items[0])}\n\nid: 2\ndata: {"seq":2,"task`,
      });
    } else if (restored) {
      await route.continue();
    } else {
      await route.abort('connectionreset');
    }
  });
  await page.goto(`/tasks/${id}`);
  await expect(page.getByText('Reconnecting …')).toBeVisible();
  await expect.poll(() => streams).toBeGreaterThan(2);
  restored = true;
  await expect(status(page)).toHaveText('Succeeded');
  await page.getByRole('tab', { name: 'Raw events' }).click();
  const total = Number((await page.getByText(/^\d+ of \d+ events$/).innerText()).split(' ')[2]);
  const seqs = await page.locator('.raw-seq').allInnerTexts();
  expect(seqs.map(Number)).toEqual(Array.from({ length: total }, (_, index) => index + 1));
});

test('shows what is wrong at its field', async ({ signedIn: page }) => {
  await page.goto('/tasks/new');
  await page.getByRole('button', { name: 'Create task' }).click();
  await expect(page.getByLabel('What to do')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Repository').fill('https://user:secret@github.com/a/b');
  await page.getByLabel('What to do').fill('x');
  await page.getByRole('button', { name: 'Create task' }).click();
  await expect(page.getByLabel('Repository')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Repository').fill(repository());
  await page.getByText('Branches, limits and more').click();
  await page.getByLabel('Push to').fill('not..a branch');
  await page.getByRole('button', { name: 'Create task' }).click();
  await expect(page.getByLabel('Push to')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Push to')).toBeFocused();
  await shoot(page, 'new-task-errors');
});

test('a double click creates one task', async ({ signedIn: page }) => {
  const prompt = `Once only ${Date.now()}`;
  await page.goto('/tasks/new');
  await page.getByLabel('Repository').fill(repository());
  await page.getByLabel('What to do').fill(prompt);
  await page.getByText('Branches, limits and more').click();
  await page.getByLabel('Not before').fill(tomorrow().slice(0, 16));
  await page.getByRole('button', { name: 'Create task' }).dblclick();
  await expect(page).toHaveURL(/\/tasks\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').pop() ?? '';
  await page.goto(`/tasks?q=${encodeURIComponent(prompt)}`);
  await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(1);
  await cancelTask(page, id);
});

test('deletes a task that has ended, after a question', async ({ signedIn: page }) => {
  const id = await createTask(page, { prompt: 'Never to be run.', notBefore: tomorrow() });
  await page.goto(`/tasks/${id}`);
  await expect(page.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(0);
  await cancelTask(page, id);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete this task?' });
  await dialog.getByRole('button', { name: 'Go back' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await shoot(page, 'task-delete');
  await dialog.getByRole('button', { name: 'Delete the task' }).click();
  await expect(page).toHaveURL(/\/tasks$/);
  await page.goto(`/tasks/${id}`);
  await expect(page.getByText('There is no such task')).toBeVisible();
});
