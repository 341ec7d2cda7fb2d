import type { Page } from '@playwright/test';
import { test as base, expect } from '@playwright/test';

function need(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set`);
  }
  return value;
}

export const key = () => need('MAINSTAY_KEY');
/** With the scope `instance:admin` too. */
export const adminKey = () => need('MAINSTAY_ADMIN_KEY');
export const link = () => need('MAINSTAY_LINK');
export const repository = () => need('E2E_REPO');

interface Fixtures {
  /** A page that is signed in, and whose errors fail the test. */
  signedIn: Page;
}

/** The session's cookie, made once: the server limits sign-ins. */
let state: Awaited<ReturnType<ReturnType<Page['context']>['storageState']>> | undefined;

export const test = base.extend<Fixtures>({
  signedIn: async ({ browser }, use) => {
    const context = await browser.newContext({ storageState: state });
    const page = await context.newPage();
    if (!state) {
      const answer = await page.request.post('/api/auth/key', { data: { key: key() } });
      expect(answer.status()).toBe(204);
      state = await context.storageState();
    }
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) {
        errors.push(message.text());
      }
    });
    await use(page);
    expect(errors).toEqual([]);
    await context.close();
  },
});

export { expect };

export interface Wish {
  prompt?: string;
  review?: 'none' | 'before-push';
  priority?: string;
  notBefore?: string;
  limits?: { maxTurns?: number };
}

/** Creates a task over HTTP and gives its id. */
export async function createTask(page: Page, wish: Wish): Promise<string> {
  const answer = await page.request.post('/api/tasks', {
    headers: { Authorization: `Bearer ${key()}` },
    data: { repoUrl: repository(), prompt: 'Fix the failing test.', ...wish },
  });
  expect(answer.status()).toBe(202);
  return ((await answer.json()) as { id: string }).id;
}

export async function cancelTask(page: Page, id: string): Promise<void> {
  await page.request.post(`/api/tasks/${id}/cancel`, { headers: { Authorization: `Bearer ${key()}` } });
}

/** Far enough away that the task stays queued for as long as a test lasts. */
export function tomorrow(): string {
  return new Date(Date.now() + 86_400_000).toISOString();
}

export function status(page: Page) {
  return page.getByRole('status', { name: 'Status' });
}

export async function shoot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `target/screenshots/${name}.png` });
}
