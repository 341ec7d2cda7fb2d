import { answer, api } from './client';

export function listMails(cursor: string | undefined, signal?: AbortSignal) {
  return answer(api.GET('/api/admin/mails', { params: { query: { cursor, limit: 50 } }, signal }));
}

export function getMail(id: string, signal?: AbortSignal) {
  return answer(api.GET('/api/admin/mails/{id}', { params: { path: { id } }, signal }));
}

export function retryMail(id: string) {
  return answer(api.POST('/api/admin/mails/{id}/retry', { params: { path: { id } } }));
}
