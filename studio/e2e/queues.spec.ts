import type { Page } from '@playwright/test';
import { expect, key, shoot, test } from './fixtures';

/** A worker of this queue runs beside the tests: jobs named `bad` fail, the others log and return. */
const WORKED = 'worked';

async function add(page: Page, queue: string, job: object): Promise<string> {
  const answer = await page.request.post(`/api/queues/${queue}/jobs`, {
    headers: { Authorization: `Bearer ${key()}` },
    data: job,
  });
  expect(answer.status()).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

const state = (page: Page) => page.getByRole('status', { name: 'State' });
const rows = (page: Page) => page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');

test('adds a job and watches it run', async ({ signedIn: page }) => {
  await page.goto('/queues');
  await page.getByRole('button', { name: 'New job' }).click();
  const dialog = page.getByRole('dialog', { name: 'New job' });
  await dialog.getByLabel('Queue').fill(WORKED);
  await dialog.getByLabel('Name').fill('welcome');
  await dialog.getByLabel('Data').fill('{"to": ');
  await dialog.getByRole('button', { name: 'Add job' }).click();
  await expect(dialog.getByRole('alert')).toContainText('is not valid JSON');
  await dialog.getByLabel('Data').fill('{"to": "a@example.com"}');
  await dialog.getByLabel('Attempts').fill('0');
  await dialog.getByRole('button', { name: 'Add job' }).click();
  await expect(dialog.getByText('must be greater than or equal to 1').first()).toBeVisible();
  await dialog.getByLabel('Attempts').fill('2');
  await dialog.getByRole('button', { name: 'Add job' }).click();
  await expect(page).toHaveURL(new RegExp(`/queues/${WORKED}/jobs/`));
  await expect(state(page)).toHaveText('Completed');
  await expect(page.getByLabel('Data')).toContainText('a@example.com');
  await expect(page.getByLabel('Result')).toContainText('"handled": "welcome"');
  await expect(page.getByLabel('Log')).toContainText('welcome begins');
  await page.getByRole('link', { name: WORKED }).click();
  await expect(rows(page).first()).toContainText('welcome');
});

test('shows why a job failed, tries it again, removes it', async ({ signedIn: page }) => {
  const id = await add(page, WORKED, { name: 'bad', data: { a: 1 } });
  await page.goto(`/queues/${WORKED}?state=failed`);
  await expect(rows(page).filter({ hasText: id })).toContainText('this one is bad');
  await page.getByRole('searchbox', { name: 'Job id or text' }).fill(id);
  await page.keyboard.press('Enter');
  await expect(state(page)).toHaveText('Failed');
  await expect(page.getByText('IllegalStateException').first()).toBeVisible();
  await shoot(page, 'job-failed');
  await page.getByRole('button', { name: 'Retry' }).click();
  await expect(page.getByLabel('Details')).toContainText('2 of 1');
  await expect(state(page)).toHaveText('Failed');
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove the job' }).click();
  await expect(page).toHaveURL(new RegExp(`/queues/${WORKED}$`));
  await page.goto(`/queues/${WORKED}/jobs/${id}`);
  await expect(page.getByRole('heading', { name: 'There is no such job' })).toBeVisible();
});

test('operates a queue, its states in the URL', async ({ signedIn: page }) => {
  const queue = `idle-${Date.now()}`;
  for (const name of ['one', 'two']) {
    await add(page, queue, { name });
  }
  await add(page, queue, { name: 'later', opts: { delay: 3_600_000, priority: 'P2' } });
  await page.goto('/queues');
  const row = page.getByRole('list', { name: 'Queues' }).getByRole('listitem').filter({ hasText: queue });
  await expect(row).toContainText('Waiting2');
  await row.getByRole('link').click();
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole('tab', { name: 'Delayed 1' }).click();
  await expect(page).toHaveURL(/state=delayed/);
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('paused', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText('paused', { exact: true })).toBeHidden();

  const choose = async (label: string) => {
    await page.getByText('More', { exact: true }).click();
    await page.getByRole('button', { name: `${label} …` }).click();
  };
  await choose('Limits');
  const own = page.getByRole('group', { name: 'The queue' });
  await own.getByLabel('Active jobs').fill('0');
  await page.getByRole('button', { name: 'Set the limits' }).click();
  await expect(own.getByText('must be a whole number from 1')).toBeVisible();
  await own.getByLabel('Active jobs').fill('4');
  await own.getByLabel('Jobs that start').fill('100');
  await shoot(page, 'queue-limits');
  await page.getByRole('button', { name: 'Set the limits' }).click();
  await expect(page.getByText('at most 4 at once')).toBeVisible();
  await expect(page.getByText('100 starts in 1 m 00 s')).toBeVisible();
  await choose('Promote delayed');
  await page.getByRole('button', { name: 'Promote all', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'Waiting 3' })).toBeVisible();
  await choose('Remove waiting');
  await expect(page.getByRole('heading', { name: 'Remove all waiting jobs?' })).toBeVisible();
  await expect(page.getByRole('dialog')).toContainText('3 jobs now.');
  await page.getByRole('button', { name: 'Remove all', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'All 0' })).toBeVisible();
  await choose('Remove queue');
  await page.getByRole('button', { name: 'Remove the queue', exact: true }).click();
  await expect(page).toHaveURL(/\/queues$/);
  await expect(row).toHaveCount(0);
});

test('acts on all jobs that match, and tells how far it is', async ({ signedIn: page }) => {
  const queue = `bulk-${Date.now()}`;
  for (let i = 0; i < 6; i++) {
    await add(page, queue, { name: i < 4 ? 'welcome' : 'report', opts: { delay: 3_600_000 } });
  }
  await page.goto(`/queues/${queue}`);
  await expect(page.getByRole('button', { name: 'Cancel all …' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Delayed 6' }).click();
  await page.getByRole('searchbox', { name: 'Job id or text' }).fill('name:welcome');
  await page.keyboard.press('Enter');
  await expect(page.getByText('4 jobs found')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel all that match …' }).click();
  const dialog = page.getByRole('dialog', { name: 'Cancel all delayed jobs named welcome?' });
  await expect(dialog).toContainText('Of 6 delayed jobs, all that match.');
  await dialog.getByLabel('Reason').fill('sent by hand');
  await shoot(page, 'bulk-action');
  await dialog.getByRole('button', { name: 'Cancel all that match' }).click();
  const now = page.getByRole('list', { name: 'Bulk actions now' }).getByRole('listitem');
  await expect(now).toContainText('completed');
  await expect(now).toContainText('6 looked at, 4 changed');
  await expect(page.getByText('0 jobs found')).toBeVisible();
  await page.getByRole('tab', { name: 'Failed 4' }).click();
  await expect(rows(page).first()).toContainText('canceled: sent by hand');
  await page.getByRole('link', { name: 'Bulk actions' }).click();
  await expect(page).toHaveURL(/view=bulk-actions/);
  const all = page.getByRole('list', { name: 'Bulk actions' }).getByRole('listitem');
  await expect(all).toContainText('Cancel delayed jobs named welcome');
  await shoot(page, 'bulk-actions');
});

test('makes, changes and removes a scheduler', async ({ signedIn: page }) => {
  const queue = `planned-${Date.now()}`;
  await add(page, queue, { name: 'one' });
  await page.goto(`/queues/${queue}`);
  await page.getByRole('link', { name: 'Schedulers' }).click();
  await expect(page).toHaveURL(/view=schedulers/);
  await page.getByRole('button', { name: 'New scheduler' }).click();
  await page.getByLabel('Id').fill('daily');
  await page.getByLabel('Name').fill('report');
  await page.getByLabel('Pattern').fill('99 * * * *');
  await page.getByRole('button', { name: 'Make the scheduler' }).click();
  await expect(page.getByText(/field 'minute' is wrong/).first()).toBeVisible();
  await page.getByLabel('Pattern').fill('0 9 * * *');
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('button', { name: 'Make the scheduler' }).click();
  const list = page.getByRole('list', { name: 'Schedulers' }).getByRole('listitem');
  await expect(list).toHaveCount(1);
  await expect(list).toContainText('0 9 * * * (Europe/Berlin)');
  await list.getByRole('button', { name: 'Change' }).click();
  await page.getByLabel('When').selectOption('At an interval');
  await page.getByLabel('Interval in seconds').fill('3600');
  await page.getByRole('button', { name: 'Change it' }).click();
  await expect(list).toContainText('every 1 h 00 m');
  await shoot(page, 'schedulers');
  await list.getByRole('link', { name: /next/ }).click();
  await expect(page.getByLabel('Details')).toContainText('daily');
  await page.goBack();
  await list.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove the scheduler' }).click();
  await expect(page.getByText('No schedulers')).toBeVisible();
});

test('shows groups and gives one limits of its own', async ({ signedIn: page }) => {
  const queue = `tenants-${Date.now()}`;
  for (const group of ['a', 'b', 'b']) {
    await add(page, queue, { name: 'one', opts: { group: { id: `tenant-${group}` } } });
  }
  await page.goto(`/queues/${queue}?view=groups`);
  const list = page.getByRole('list', { name: 'Groups' }).getByRole('listitem');
  await expect(list).toHaveCount(2);
  const b = list.filter({ hasText: 'tenant-b' });
  await expect(b).toContainText('2 waiting');
  await b.getByRole('button', { name: 'Limits' }).click();
  await page.getByLabel('Active jobs').fill('2');
  await page.getByLabel('Units that they use').fill('90000');
  await page.getByRole('button', { name: 'Set the limits' }).click();
  await expect(b).toContainText('at most 2 at once, 90,000 units in 1 m 00 s');
  await shoot(page, 'groups');
  await b.getByRole('button', { name: 'Limits' }).click();
  await page.getByRole('button', { name: 'As every group' }).click();
  await expect(b).toContainText('as every group');
});

test('offers no act to those who may only look', async ({ browser, signedIn: page }) => {
  const queue = `watched-${Date.now()}`;
  const id = await add(page, queue, { name: 'one' });
  const made = await page.request.post('/api/keys', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { name: 'looks only', scopes: ['queues:read'] },
  });
  const { key: reader } = (await made.json()) as { key: string };
  const context = await browser.newContext();
  const other = await context.newPage();
  const signedIn = await other.request.post('/api/auth/key', { data: { key: reader } });
  expect(signedIn.status()).toBe(204);
  for (const path of [`/queues/${queue}?state=waiting`, `/queues/${queue}/jobs/${id}`]) {
    await other.goto(path);
    await expect(other.getByText('one', { exact: true }).first()).toBeVisible();
    for (const name of ['Pause', 'New job', 'Cancel', 'Remove']) {
      await expect(other.getByRole('button', { name })).toHaveCount(0);
    }
  }
  await context.close();
});

test('draws what the workers have done', async ({ signedIn: page }) => {
  await add(page, WORKED, { name: 'measured' });
  await add(page, WORKED, { name: 'bad' });
  await page.goto(`/queues/${WORKED}`);
  await page.getByRole('link', { name: 'Metrics' }).click();
  await expect(page).toHaveURL(/view=metrics/);
  const throughput = page.getByRole('figure', { name: 'Throughput jobs per minute' });
  await expect(throughput).toBeVisible({ timeout: 30_000 });
  await throughput.getByRole('img').focus();
  await page.keyboard.press('End');
  await expect(throughput.getByRole('status')).toContainText(/completed \d+, failed \d+/);
  await page.getByText('As a table').click();
  await expect(page.getByRole('row').nth(1)).toContainText('ms');
  await page.getByRole('link', { name: 'Day' }).click();
  await expect(page.getByRole('figure', { name: 'Throughput jobs per 15 minutes' })).toBeVisible();
  await shoot(page, 'metrics');
});

test('lists who works on a queue', async ({ signedIn: page }) => {
  await page.goto(`/queues/${WORKED}?view=workers`);
  const workers = page.getByRole('list', { name: 'Workers' });
  await expect(workers.getByRole('listitem').first()).toContainText('process');
  await expect(workers.getByRole('listitem').first()).toContainText('active');
  await shoot(page, 'workers');
  const idle = `idle-${Date.now()}`;
  await add(page, idle, { name: 'one' });
  await page.goto(`/queues/${idle}?view=workers`);
  await expect(page.getByRole('heading', { name: 'No workers' })).toBeVisible();
  await page.goto(`/queues/${idle}?view=metrics`);
  await expect(page.getByRole('heading', { name: 'Nothing has run' })).toBeVisible();
});

test('finds jobs by what they carry', async ({ signedIn: page }) => {
  const queue = `found-${Date.now()}`;
  await add(page, queue, { name: 'mail', data: { to: 'Ada@example.org' } });
  await add(page, queue, { name: 'mail', data: { to: 'bob@example.org' } });
  await add(page, queue, { name: 'report', data: { of: 'ada' }, opts: { delay: 3_600_000 } });
  await page.goto(`/queues/${queue}`);
  const box = page.getByRole('searchbox', { name: 'Job id or text' });
  await expect(rows(page)).toHaveCount(3);
  await page.keyboard.press('/');
  await expect(box).toBeFocused();
  await box.fill('ada');
  await box.press('Enter');
  await expect(page).toHaveURL(/text=ada/);
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByText('2 jobs found')).toBeVisible();
  await page.getByRole('tab', { name: /Delayed/ }).click();
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(box).toHaveValue('ada');
  await expect(rows(page).first()).toContainText('report');
  await box.fill('name:mail bob');
  await box.press('Enter');
  await expect(page.getByRole('heading', { name: 'No job has it' })).toBeVisible();
  await page.getByRole('tab', { name: /All/ }).click();
  await expect(rows(page)).toHaveCount(1);
  await box.fill('');
  await expect(rows(page)).toHaveCount(3);
});

test('shows the flow that a job is in, and its life', async ({ signedIn: page }) => {
  const child = (name: string) => ({ queueName: WORKED, name, data: {} });
  const answer = await page.request.post('/api/flows', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { queueName: WORKED, name: 'book', data: {}, children: [child('page one'), child('page two')] },
  });
  expect(answer.status()).toBe(201);
  const { job } = (await answer.json()) as { job: { id: string } };
  await page.goto(`/queues/${WORKED}/jobs/${job.id}`);
  await expect(state(page)).toHaveText('Completed');
  const flow = page.getByRole('list', { name: 'Flow' });
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await expect(timeline).toContainText('Waits for its children');
  await expect(timeline.getByRole('listitem').last()).toContainText('Completed');
  await shoot(page, 'job-flow');
  await flow.getByRole('link', { name: 'page two' }).click();
  await expect(page.getByRole('heading', { name: 'page two' })).toBeVisible();
  await expect(flow).toContainText('page one');
  await flow.getByRole('link', { name: 'book' }).click();
  await expect(page.getByRole('heading', { name: 'book' })).toBeVisible();
});
