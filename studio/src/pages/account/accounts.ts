import type { Account } from '../../api/types';

export function hasPassword(accounts: readonly Account[]): boolean {
  return accounts.some((account) => account.providerId === 'credential');
}
