import { expect, test } from 'vitest';
import { actWords } from './audit';

test('an act is told in words, also one that is new', () => {
  expect(actWords('key-created')).toBe('made an API key');
  expect(actWords('moon-landed')).toBe('moon landed');
});
