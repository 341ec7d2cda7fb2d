import { describe, expect, it } from 'vitest';
import type { StoredEvent } from './event';
import { timeline } from './timeline';

let seq = 0;
const event = (type: string, data: StoredEvent['data']): StoredEvent => ({
  seq: ++seq,
  taskId: 't',
  type,
  at: '2026-01-01T00:00:00Z',
  data,
});
const use = (id: string) => ({ type: 'tool_use', id, name: 'bash', input: { command: 'ls' } });

describe('timeline', () => {
  it('puts a call, its start and its result into the message that made it', () => {
    const { items, tools } = timeline([
      event('message', {
        role: 'assistant',
        content: [{ type: 'text', text: 'Look.' }, use('c1'), use('c2')],
      }),
      event('tool_call', { id: 'c1', name: 'bash', input: { command: 'ls' } }),
      event('tool_result', { id: 'c1', name: 'bash', output: 'a', isError: true, durationMs: 5 }),
    ]);
    expect(items.map((item) => item.kind)).toEqual(['message']);
    expect(tools.get('c1')).toMatchObject({
      startedAt: '2026-01-01T00:00:00Z',
      result: { output: 'a', isError: true, durationMs: 5 },
    });
    expect(tools.get('c2')).toMatchObject({ startedAt: undefined, result: undefined });
  });

  it('leaves out messages of nothing but tool results, and keeps what a person said in one', () => {
    const { items } = timeline([
      event('message', { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1' }] }),
      event('message', {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1' },
          { type: 'text', text: 'Use tabs' },
        ],
      }),
    ]);
    expect(items).toMatchObject([
      { kind: 'message', role: 'user', blocks: [{ kind: 'text', text: 'Use tabs' }] },
    ]);
  });

  it('shows calls whose message the log no longer has, and where events are missing', () => {
    const first = event('tool_call', { id: 'c9', name: 'read', input: {} });
    const { items } = timeline([first], [{ from: 1, to: first.seq - 1 }]);
    expect(items.map((item) => item.kind)).toEqual(['gap', 'tool']);
  });

  it('keeps thinking apart and survives content of unknown shape', () => {
    const { items } = timeline([
      event('message', {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm' },
          { type: 'redacted_thinking' },
          { type: 'new' },
          7,
          null,
        ],
      }),
      event('message', { role: 'assistant', content: 'plain' }),
      event('unheard', {}),
      event('complete', { status: 'succeeded' }),
    ]);
    expect(items).toMatchObject([
      { blocks: [{ kind: 'thinking', text: 'Hm' }, { kind: 'redacted' }] },
      { blocks: [{ kind: 'text', text: 'plain' }] },
      { kind: 'complete', status: 'succeeded' },
    ]);
  });
});
