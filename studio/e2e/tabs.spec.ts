import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { newAddress, person } from './people';

async function organize(page: Page, name: string): Promise<string> {
  const slug = `${name}-${newAddress('x').split('@')[0]}`;
  const made = await page.request.post('/api/auth/organization/create', { data: { name, slug } });
  expect(made.status()).toBe(200);
  return slug;
}

test('two tabs show and change two organizations', async ({ page, context }) => {
  await person(page.request, 'Charles');
  const first = await organize(page, 'first');
  const second = await organize(page, 'second');
  for (const slug of [first, second]) {
    const added = await page.request.post('/api/queues/mail/jobs', {
      headers: { 'X-Organization-Id': slug },
      data: { name: `of-${slug}` },
    });
    expect(added.status()).toBe(201);
  }
  const other = await context.newPage();
  await page.goto(`/o/${first}/queues/mail`);
  await other.goto(`/o/${second}/queues/mail`);
  await expect(page.getByText(`of-${first}`)).toBeVisible();
  await expect(other.getByText(`of-${second}`)).toBeVisible();
  await expect(page.getByText(`of-${second}`)).toHaveCount(0);

  // What is done in a tab is done in the organization that it shows.
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await other.reload();
  await expect(other.getByText(`of-${second}`)).toBeVisible();
  await expect(other.getByRole('button', { name: 'Pause' })).toBeVisible();

  // The choice in one tab is not that of the other; Back leads to where one was.
  await page.getByRole('button', { name: 'Charles', exact: true }).click();
  await page.getByRole('button', { name: 'second', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/o/${second}/tasks$`));
  await other.goto(`/o/${first}/organization`);
  await expect(other.getByRole('heading', { name: 'first' })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/o/${first}/queues/mail`));
  await expect(page.getByText(`of-${first}`)).toBeVisible();
});

test('an address without an organization gets one, and a wrong one is left', async ({ page }) => {
  await person(page.request, 'Ada');
  const slug = await organize(page, 'analysts');
  await page.goto('/queues?x=1#y');
  await expect(page).toHaveURL(new RegExp(`/o/${slug}/queues\\?x=1#y$`));
  await page.goto('/o/no-such-organization/keys');
  await expect(page).toHaveURL(new RegExp(`/o/${slug}/keys$`));
  await expect(page.getByRole('heading', { name: 'API keys' })).toBeVisible();

  await page.goto(`/o/${slug}/organization`);
  await page.getByLabel('Slug').fill(`${slug}-2`);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`/o/${slug}-2/organization$`));
  await expect(page.getByLabel('Slug')).toHaveValue(`${slug}-2`);

  await page.context().clearCookies();
  await page.reload();
  await expect(page).toHaveURL(/\/sign-in\?to=/);
});
