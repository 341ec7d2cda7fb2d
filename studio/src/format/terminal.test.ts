import { expect, it } from 'vitest';
import { plainOutput } from './terminal';

it.each([
  ['\u001b[31mred\u001b[0m and \u001b[1;32mgreen\u001b[m', 'red and green'],
  ['\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007', 'link'],
  ['\u001b]0;title\u001b\\x', 'x'],
  ['10%\r50%\r100%\ndone\r\n', '100%\ndone\n'],
  ['bell\u0007 back\u0008space\u0000', 'bell␇ back␈space␀'],
  ['a\u202eb', 'a⟨U+202E⟩b'],
  ['tab\tstays\n', 'tab\tstays\n'],
])('%j is %j', (output, shown) => expect(plainOutput(output)).toBe(shown));
