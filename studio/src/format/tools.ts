import { list, number, record, text } from '../api/json';
import { firstLine } from './format';

export interface Todo {
  content: string;
  status: 'pending' | 'in_progress' | 'completed';
}

/** A tool's input in one line. */
export function toolSummary(name: string, input: unknown): string {
  const fields = record(input);
  switch (name) {
    case 'bash':
      return firstLine(text(fields.command));
    case 'read': {
      const offset = number(fields.offset);
      return text(fields.file_path) + (offset === undefined ? '' : ` from line ${offset}`);
    }
    case 'write':
    case 'edit':
      return text(fields.file_path);
    case 'glob':
      return [text(fields.pattern), text(fields.path)].filter(Boolean).join(' in ');
    case 'grep':
      return [text(fields.pattern), text(fields.path) || text(fields.glob)].filter(Boolean).join(' in ');
    case 'todo': {
      const items = todos(input);
      const finished = items.filter((item) => item.status === 'completed').length;
      return `${finished} of ${items.length} done`;
    }
    default: {
      const first = Object.values(fields).find((value) => typeof value === 'string');
      return firstLine(text(first));
    }
  }
}

export function todos(input: unknown): Todo[] {
  return list(record(input).todos)
    .map(record)
    .map((item) => ({
      content: text(item.content),
      status: item.status === 'completed' || item.status === 'in_progress' ? item.status : 'pending',
    }));
}
