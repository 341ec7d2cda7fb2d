import { expect, it } from 'vitest';
import { parseEvent } from './event';
import { SseParser } from './sse';

const STREAM =
  'retry: 1200\n\nid: 1\ndata: {"a":1}\n\n: still here\n\ndata: two\ndata: lines\r\n\r\ndata:tight\n\ndata: unfinished';

it('finds the same events wherever the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = new SseParser();
    const found: string[] = [];
    for (let at = 0; at < STREAM.length; at += size) {
      found.push(...parser.push(STREAM.slice(at, at + size)));
    }
    expect(found).toEqual(['{"a":1}', 'two\nlines', 'tight']);
  }
});

it('takes only events for events', () => {
  expect(parseEvent('{"seq":3,"taskId":"t","type":"status","at":"x","data":{"status":"queued"}}')).toEqual({
    seq: 3,
    taskId: 't',
    type: 'status',
    at: 'x',
    data: { status: 'queued' },
  });
  for (const other of ['', 'null', '[]', '{', '{"type":"error","message":"no"}', '{"taskId":"t"}']) {
    expect(parseEvent(other)).toBeUndefined();
  }
});
