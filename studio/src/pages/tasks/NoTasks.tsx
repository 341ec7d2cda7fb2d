import { Link } from 'react-router';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';

const FIRST = `curl ${location.origin}/api/tasks \\
  -H "Authorization: Bearer $MAINSTAY_KEY" -H "Content-Type: application/json" \\
  -d '{"repoUrl": "https://github.com/you/project", "prompt": "Fix the failing test"}'`;

export function NoTasks({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (filtered) {
    return (
      <Empty title="No task matches">
        <Button onClick={onClear}>Clear the filters</Button>
      </Empty>
    );
  }
  return (
    <Empty title="No tasks yet">
      <p>Give an agent a Git repository and say what to do. You watch it work, and it pushes a branch.</p>
      <p>
        <Link to="/tasks/new" className="button button-primary">
          Create the first task
        </Link>
      </p>
      <p className="muted">
        Or over HTTP, with a <Link to="/keys">key</Link>:
      </p>
      <pre className="code">{FIRST}</pre>
    </Empty>
  );
}
