import { list, number, record, text } from '../api/json';
import type { StoredEvent } from './event';
import type { Gap } from './eventState';

export interface ToolRun {
  id: string;
  name: string;
  input: unknown;
  /** When the call began, if it did. */
  startedAt: string | undefined;
  result: { output: string; isError: boolean; durationMs: number | undefined } | undefined;
}

export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | { kind: 'redacted' }
  | { kind: 'tool'; id: string };

export type Item =
  | { kind: 'status'; key: string; at: string; status: string; detail: string }
  | {
      kind: 'message';
      key: string;
      at: string;
      role: 'user' | 'assistant';
      summary: boolean;
      blocks: Block[];
    }
  | { kind: 'tool'; key: string; at: string; id: string }
  | { kind: 'gap'; key: string; from: number; to: number }
  | { kind: 'complete'; key: string; at: string; status: string; data: StoredEvent['data'] };

export interface Timeline {
  items: Item[];
  tools: ReadonlyMap<string, ToolRun>;
  /** The call that holds the list of what is to do as it is now. */
  latestTodo: string | undefined;
}

/** Orders what happened for people: tool calls stand in the message that made them, with their results. */
export function timeline(events: readonly StoredEvent[], gaps: readonly Gap[] = []): Timeline {
  const items: Item[] = [];
  const tools = new Map<string, ToolRun>();
  const openGaps = [...gaps];
  for (const event of events) {
    while (openGaps[0] && openGaps[0].to < event.seq) {
      const gap = openGaps.shift() as Gap;
      items.push({ kind: 'gap', key: `gap-${gap.from}`, ...gap });
    }
    add(items, tools, event);
  }
  const latestTodo = [...tools.values()].findLast((run) => run.name === 'todo')?.id;
  return { items, tools, latestTodo };
}

function add(items: Item[], tools: Map<string, ToolRun>, event: StoredEvent): void {
  const key = String(event.seq);
  const { at, data } = event;
  switch (event.type) {
    case 'status':
      items.push({ kind: 'status', key, at, status: text(data.status), detail: text(data.detail) });
      break;
    case 'message': {
      const blocks = contentBlocks(data.content, tools);
      // A message of nothing but tool results repeats what the calls' own events say.
      if (blocks.length > 0) {
        const role = data.role === 'assistant' ? 'assistant' : 'user';
        items.push({ kind: 'message', key, at, role, summary: data.summary === true, blocks });
      }
      break;
    }
    case 'tool_call': {
      const id = text(data.id);
      const known = tools.get(id);
      tools.set(id, {
        id,
        name: text(data.name),
        input: data.input,
        startedAt: at,
        result: known?.result,
      });
      if (!known) {
        items.push({ kind: 'tool', key, at, id });
      }
      break;
    }
    case 'tool_result': {
      const id = text(data.id);
      const known = tools.get(id);
      const result = {
        output: text(data.output),
        isError: data.isError === true,
        durationMs: number(data.durationMs),
      };
      tools.set(id, {
        id,
        name: known?.name ?? text(data.name),
        input: known?.input,
        startedAt: known?.startedAt,
        result,
      });
      if (!known) {
        items.push({ kind: 'tool', key, at, id });
      }
      break;
    }
    case 'complete':
      items.push({ kind: 'complete', key, at, status: text(data.status), data });
      break;
    default:
      break;
  }
}

function contentBlocks(content: unknown, tools: Map<string, ToolRun>): Block[] {
  const raw = typeof content === 'string' ? [{ type: 'text', text: content }] : list(content);
  const blocks: Block[] = [];
  for (const value of raw) {
    const block = record(value);
    switch (block.type) {
      case 'text':
        if (text(block.text).trim() !== '') {
          blocks.push({ kind: 'text', text: text(block.text) });
        }
        break;
      case 'thinking':
        if (text(block.thinking).trim() !== '') {
          blocks.push({ kind: 'thinking', text: text(block.thinking) });
        }
        break;
      case 'redacted_thinking':
        blocks.push({ kind: 'redacted' });
        break;
      case 'tool_use': {
        const id = text(block.id);
        tools.set(id, {
          id,
          name: text(block.name),
          input: block.input,
          startedAt: undefined,
          result: undefined,
        });
        blocks.push({ kind: 'tool', id });
        break;
      }
      default:
        break;
    }
  }
  return blocks;
}
