import { expect, test } from 'vitest';
import { addressesIn, grantsIn, grantsOf, isAddress, permissionsOf, rolesOf } from './permissions';

test('several roles allow what each of them allows', () => {
  const keeper = {
    id: '1',
    organizationId: 'o',
    role: 'keeper',
    permission: { key: ['manage'] },
    createdAt: '2026-01-01T00:00:00Z',
  };
  const grants = grantsOf(rolesOf('member,keeper,gone'), [keeper]);
  expect(grants.has('task:write')).toBe(true);
  expect(grants.has('key:manage')).toBe(true);
  expect(grants.has('member:delete')).toBe(false);
  expect(grantsOf(['admin'], []).has('organization:delete')).toBe(false);
  expect(grantsOf(['owner'], []).has('organization:delete')).toBe(true);
});

test('grants are permissions by resource, and back', () => {
  const permissions = permissionsOf(new Set(['task:read', 'key:manage', 'no:thing']));
  expect(permissions).toEqual({ task: ['read'], key: ['manage'] });
  expect(grantsIn(permissions)).toEqual(['task:read', 'key:manage']);
});

test.each([
  ['', []],
  ['ada@example.com', ['ada@example.com']],
  ['Ada <ada@example.com>, B@x.org;\n b@x.org\tc@x.org', ['ada@example.com', 'b@x.org', 'c@x.org']],
  ['bob@x.org, not-an-address, carol@x.org', ['bob@x.org', 'not-an-address', 'carol@x.org']],
  ['<ada@x.org> bob@x.org', ['ada@x.org', 'bob@x.org']],
])('addresses in %j', (text, addresses) => {
  expect(addressesIn(text)).toEqual(addresses);
});

test.each(['not-an-address', '@', 'a@', '@b', 'a b@c', 'a@b@c', '<a@b>'])('%s is not an address', (text) => {
  expect(isAddress(text)).toBe(false);
});
