import { expect, test } from 'vitest';
import { keptWhere } from './authenticators';

const NOBODY = '00000000-0000-0000-0000-000000000000';

test.each([
  ['bada5566-a7aa-401f-bd96-45619a55120d', 'multiDevice', true, '1Password, on all your devices'],
  [NOBODY, 'multiDevice', true, 'On all your devices'],
  [NOBODY, 'multiDevice', false, 'Not on other devices yet'],
  [NOBODY, 'singleDevice', false, 'On one device alone'],
])('%s, %s, backed up %s: %s', (aaguid, deviceType, backedUp, words) => {
  expect(keptWhere({ aaguid, deviceType, backedUp })).toBe(words);
});
