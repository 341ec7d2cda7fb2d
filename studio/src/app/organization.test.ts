import { expect, test } from 'vitest';
import { organizationIn, pathIn } from './organization';

test.each([
  ['/o/acme/tasks', 'acme'],
  ['/o/acme', 'acme'],
  ['/o/a%20b/x?y#z', 'a b'],
  ['/o/0199-a/organization?tab=members', '0199-a'],
  ['/tasks', undefined],
  ['/organization', undefined],
  ['/o/', undefined],
  ['/o/%E0%A4%A/tasks', undefined],
  ['/x/o/acme/tasks', undefined],
])('%s names %s', (path, organization) => {
  expect(organizationIn(path)).toBe(organization);
});

test.each([
  [undefined, '/o/acme/tasks?q=1', '/tasks?q=1'],
  [undefined, '/o/acme', '/'],
  [undefined, '/tasks', '/tasks'],
  ['beta', '/o/acme/tasks', '/o/beta/tasks'],
  ['beta', '/tasks', '/o/beta/tasks'],
  ['a b', '', '/o/a%20b/'],
])('in %s %s is %s', (organization, path, expected) => {
  expect(pathIn(organization, path)).toBe(expected);
});
