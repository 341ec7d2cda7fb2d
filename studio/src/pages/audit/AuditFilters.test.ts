import { expect, test } from 'vitest';
import { asQuery, NO_FILTER } from './AuditFilters';

test('the days of a filter are whole ones', () => {
  expect(asQuery(NO_FILTER)).toEqual({});
  const { from, to } = asQuery({ action: 'signed-in', from: '2026-03-01', to: '2026-03-01' });
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(24 * 3_600_000);
});
