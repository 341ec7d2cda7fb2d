import { describe, expect, it } from 'vitest';
import type { TaskEvent } from './event';
import { EMPTY, receive } from './eventState';

const stored = (seq: number, type = 'status', data: TaskEvent['data'] = {}): TaskEvent => ({
  seq,
  taskId: 't',
  type,
  at: '2026-01-01T00:00:00Z',
  data,
});
const delta = (data: TaskEvent['data']): TaskEvent => ({ taskId: 't', type: 'delta', at: '', data });
const gap = (from: number, to: number): TaskEvent => ({
  taskId: 't',
  type: 'gap',
  at: '',
  data: { from, to },
});
const seqs = (state: typeof EMPTY) => state.events.map((event) => event.seq);

describe('receive', () => {
  it('takes each event once and in order, however the stream is cut', () => {
    let state = receive(EMPTY, [stored(1), stored(2)]);
    state = receive(state, [stored(2), stored(1), stored(3)]);
    state = receive(state, [stored(3), stored(4)]);
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
    expect(state).toMatchObject({ lastSeq: 4, behind: false });
  });

  it('sees every event exactly once over 500 random cuts with overlaps', () => {
    const log = Array.from({ length: 120 }, (_, index) => stored(index + 1));
    let seed = 42;
    const random = (bound: number) => (seed = (seed * 48271) % 2147483647) % bound;
    let state = EMPTY;
    for (let cut = 0; cut < 500; cut++) {
      const from = Math.max(0, state.lastSeq - random(10));
      state = receive(state, log.slice(from, from + random(12)));
    }
    expect(seqs(state)).toEqual(log.map((event) => event.seq));
  });

  it('takes nothing after a hole, and says so', () => {
    const state = receive(EMPTY, [stored(1), stored(3), stored(4)]);
    expect(seqs(state)).toEqual([1]);
    expect(state.behind).toBe(true);
    expect(receive(state, [stored(2), stored(3)])).toMatchObject({ lastSeq: 3, behind: false });
  });

  it('notes what the log no longer has, and goes on behind it', () => {
    const state = receive(EMPTY, [gap(1, 7), stored(8), gap(3, 5)]);
    expect(state.gaps).toEqual([{ from: 1, to: 7 }]);
    expect(seqs(state)).toEqual([8]);
  });

  it('puts deltas together until the message arrives', () => {
    let state = receive(EMPTY, [
      delta({ kind: 'thinking', text: 'Hm' }),
      delta({ kind: 'text', text: 'Hel' }),
      delta({ kind: 'text', text: 'lo' }),
      delta({ kind: 'tool_input', text: '{"a"', toolCallId: 'c1' }),
    ]);
    expect(state.live).toMatchObject({ text: 'Hello', thinking: 'Hm', toolInput: '{"a"' });
    expect(state.events).toBe(EMPTY.events);
    state = receive(state, [stored(1, 'message', { role: 'user' })]);
    expect(state.live.text).toBe('Hello');
    state = receive(state, [stored(2, 'message', { role: 'assistant' })]);
    expect(state.live).toMatchObject({ text: '', thinking: '', toolInput: '' });
  });

  it('drops the text of an attempt that failed', () => {
    const state = receive(EMPTY, [
      delta({ kind: 'text', text: 'half' }),
      delta({ kind: 'retry', text: 'overloaded', index: 1, waitMillis: 800 }),
    ]);
    expect(state.live.text).toBe('');
    expect(state.live.retry).toEqual({ attempt: 1, reason: 'overloaded', waitMillis: 800 });
    expect(receive(state, [delta({ kind: 'text', text: 'new' })]).live).toMatchObject({
      text: 'new',
      retry: undefined,
    });
  });

  it('keeps the output of each running call apart, until its result', () => {
    let state = receive(EMPTY, [
      delta({ kind: 'tool_output', text: 'one', toolCallId: 'a' }),
      delta({ kind: 'tool_output', text: 'two', toolCallId: 'b' }),
    ]);
    state = receive(state, [stored(1, 'tool_result', { id: 'a' })]);
    expect(state.live.toolOutput).toEqual({ b: 'two' });
  });

  it('bounds what is live, and has nothing live after the end', () => {
    let state = EMPTY;
    for (let part = 0; part < 20; part++) {
      state = receive(state, [delta({ kind: 'text', text: 'x'.repeat(10_000) })]);
    }
    expect(state.live.text.length).toBe(50_000);
    expect(receive(state, [stored(1, 'complete')]).live.text).toBe('');
  });

  it('ignores deltas of kinds that it does not know', () => {
    expect(receive(EMPTY, [delta({ kind: 'hologram', text: 'x' })]).live).toEqual(EMPTY.live);
  });
});
