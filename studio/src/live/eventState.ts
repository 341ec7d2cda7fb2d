import { number, text } from '../api/json';
import type { StoredEvent, TaskEvent } from './event';
import { isStored } from './event';

/** Live text is shown from its end; what is longer than this is cut at its beginning. */
const MAX_LIVE_CHARS = 50_000;

/** What is being generated right now. It is gone as soon as the log has it. */
export interface Live {
  text: string;
  thinking: string;
  toolInput: string;
  /** Output of running tool calls, by call. */
  toolOutput: Readonly<Record<string, string>>;
  /** A line of the clone's progress. */
  progress: string;
  retry: { attempt: number; reason: string; waitMillis: number } | undefined;
}

export interface Gap {
  from: number;
  to: number;
}

export interface EventState {
  /** Every stored event, once, in the order of seq. */
  events: readonly StoredEvent[];
  lastSeq: number;
  /** What the log no longer holds. */
  gaps: readonly Gap[];
  live: Live;
  /** An event came out of order: the stream must be read again from lastSeq. */
  behind: boolean;
}

const NOTHING_LIVE: Live = {
  text: '',
  thinking: '',
  toolInput: '',
  toolOutput: {},
  progress: '',
  retry: undefined,
};

export const EMPTY: EventState = { events: [], lastSeq: 0, gaps: [], live: NOTHING_LIVE, behind: false };

/** Takes what a stream delivered: stored events exactly once and in order, deltas into the live part. */
export function receive(state: EventState, incoming: readonly TaskEvent[]): EventState {
  let { lastSeq, gaps, live } = state;
  let behind = false;
  const added: StoredEvent[] = [];
  for (const event of incoming) {
    if (event.type === 'gap') {
      const from = number(event.data.from) ?? lastSeq + 1;
      const to = number(event.data.to) ?? lastSeq;
      if (to > lastSeq) {
        gaps = [...gaps, { from: Math.max(from, lastSeq + 1), to }];
        lastSeq = to;
      }
    } else if (!isStored(event)) {
      live = event.type === 'delta' ? applyDelta(live, event) : live;
    } else if (event.seq === lastSeq + 1) {
      added.push(event);
      lastSeq = event.seq;
      live = settle(live, event);
    } else if (event.seq > lastSeq + 1) {
      behind = true;
      break;
    }
  }
  const events = added.length > 0 ? [...state.events, ...added] : state.events;
  return { events, lastSeq, gaps, live, behind };
}

function applyDelta(live: Live, event: TaskEvent): Live {
  const piece = text(event.data.text);
  switch (event.data.kind) {
    case 'text':
      return { ...live, text: grown(live.text, piece), progress: '', retry: undefined };
    case 'thinking':
      return { ...live, thinking: grown(live.thinking, piece), progress: '', retry: undefined };
    case 'tool_input':
      return { ...live, toolInput: grown(live.toolInput, piece), retry: undefined };
    case 'tool_output': {
      const id = text(event.data.toolCallId);
      return { ...live, toolOutput: { ...live.toolOutput, [id]: grown(live.toolOutput[id] ?? '', piece) } };
    }
    case 'progress':
      return { ...live, progress: piece };
    case 'retry':
      // The attempt's text is void; the next one begins anew.
      return {
        ...live,
        text: '',
        thinking: '',
        toolInput: '',
        retry: {
          attempt: number(event.data.index) ?? 1,
          reason: piece,
          waitMillis: number(event.data.waitMillis) ?? 0,
        },
      };
    default:
      return live;
  }
}

function settle(live: Live, event: StoredEvent): Live {
  switch (event.type) {
    case 'message':
      return event.data.role === 'assistant'
        ? { ...live, text: '', thinking: '', toolInput: '', retry: undefined }
        : live;
    case 'tool_result': {
      const { [text(event.data.id)]: finished, ...toolOutput } = live.toolOutput;
      return finished === undefined ? live : { ...live, toolOutput };
    }
    case 'status':
      return { ...live, progress: '' };
    case 'complete':
      return NOTHING_LIVE;
    default:
      return live;
  }
}

function grown(before: string, piece: string): string {
  const all = before + piece;
  return all.length > MAX_LIVE_CHARS ? all.slice(-MAX_LIVE_CHARS) : all;
}
