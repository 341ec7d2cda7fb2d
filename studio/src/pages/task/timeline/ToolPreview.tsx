import { record, text } from '../../../api/json';
import { todos } from '../../../format/tools';

const MAX_LINES = 12;

/** What is worth seeing of a call without opening it: a todo list, an edit. */
export function ToolPreview({ name, input }: { name: string; input: unknown }) {
  switch (name) {
    case 'todo':
      return <TodoList input={input} />;
    case 'edit':
      return <Edit input={input} />;
    default:
      return null;
  }
}

const MARKS = { pending: '○', in_progress: '◐', completed: '●' } as const;
const WORDS = { pending: 'to do', in_progress: 'in progress', completed: 'done' } as const;

function TodoList({ input }: { input: unknown }) {
  return (
    <ul className="todos" aria-label="To do">
      {todos(input).map((todo, index) => (
        <li key={index} className={`todo-${todo.status}`}>
          <span aria-hidden="true">{MARKS[todo.status]}</span>
          <span className="visually-hidden">{WORDS[todo.status]}: </span>
          <span>{todo.content}</span>
        </li>
      ))}
    </ul>
  );
}

function Edit({ input }: { input: unknown }) {
  const fields = record(input);
  const before = clipped(text(fields.old_string));
  const after = clipped(text(fields.new_string));
  return (
    <pre className="edit" aria-label={`Edit of ${text(fields.file_path)}`}>
      {before.map((line, index) => (
        <del key={index}>{line}</del>
      ))}
      {after.map((line, index) => (
        <ins key={index}>{line}</ins>
      ))}
    </pre>
  );
}

function clipped(content: string): string[] {
  const lines = content === '' ? [] : content.replace(/\n$/, '').split('\n');
  return lines.length > MAX_LINES
    ? [...lines.slice(0, MAX_LINES), `… ${lines.length - MAX_LINES} more lines`]
    : lines;
}
