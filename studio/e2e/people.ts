import type { APIRequestContext, Page } from '@playwright/test';
import { adminKey, expect } from './fixtures';

export const PASSWORD = 'correct horse battery';

let count = 0;

/** An address that nobody has used yet. */
export function newAddress(name: string): string {
  return `${name}-${Date.now()}-${count++}@example.com`;
}

interface MailItem {
  id: string;
  to: string;
  kind: string;
}

const asAdmin = () => ({ headers: { Authorization: `Bearer ${adminKey()}` } });

/** The text of the newest mail to an address: the server has no mail server, and keeps it. */
export async function mailText(request: APIRequestContext, to: string, kind: string): Promise<string> {
  const answer = await request.get('/api/admin/mails?limit=100', asAdmin());
  expect(answer.status()).toBe(200);
  const { items } = (await answer.json()) as { items: MailItem[] };
  const mail = items.find((item) => item.to === to && item.kind === kind);
  expect(mail, `a mail ${kind} to ${to}`).toBeDefined();
  const whole = await request.get(`/api/admin/mails/${mail?.id}`, asAdmin());
  return ((await whole.json()) as { text: string }).text;
}

export async function mailLink(request: APIRequestContext, to: string, kind: string): Promise<string> {
  return /https?:\/\/\S+/.exec(await mailText(request, to, kind))?.[0] ?? 'no link';
}

export async function mailCode(request: APIRequestContext, to: string): Promise<string> {
  return /^\d{6}$/m.exec(await mailText(request, to, 'otp'))?.[0] ?? 'no code';
}

/** What the button of the page does to which a mail leads. */
export async function confirm(request: APIRequestContext, email: string): Promise<void> {
  const { hash } = new URL(await mailLink(request, email, 'verify-email'));
  const token = new URLSearchParams(hash.slice(1)).get('token');
  const answer = await request.post('/api/auth/verify-email', { data: { token } });
  expect(answer.status()).toBe(200);
}

/** Makes an account over HTTP, confirmed and signed in where the request comes from. */
export async function person(request: APIRequestContext, name: string): Promise<string> {
  const email = newAddress(name.toLowerCase().replaceAll(' ', '.'));
  const made = await request.post('/api/auth/sign-up/email', { data: { name, email, password: PASSWORD } });
  expect(made.status()).toBe(200);
  await confirm(request, email);
  await signIn(request, email, PASSWORD);
  return email;
}

export async function signIn(request: APIRequestContext, email: string, password: string): Promise<void> {
  const answer = await request.post('/api/auth/sign-in/email', { data: { email, password } });
  expect(answer.status()).toBe(200);
}

export async function isSignedIn(request: APIRequestContext): Promise<boolean> {
  return (await (await request.get('/api/auth/get-session')).json()) !== null;
}

export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('E-mail', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Makes an organization, invites an address to it, and gives the link of the mail. */
export async function invite(owner: APIRequestContext, name: string, email: string): Promise<string> {
  const slug = `society-${Date.now()}-${count++}`;
  const made = await owner.post('/api/auth/organization/create', { data: { name, slug } });
  expect(made.status()).toBe(200);
  const sent = await owner.post('/api/auth/organization/invite-member', { data: { email, role: 'member' } });
  expect(sent.status()).toBe(200);
  return mailLink(owner, email, 'invitation');
}
