import { Link } from 'react-router';
import { Empty } from '../ui/Empty';

export function NotFoundPage() {
  return (
    <div className="page">
      <Empty title="There is no such page">
        <p>
          <Link to="/tasks">To the tasks</Link>
        </p>
      </Empty>
    </div>
  );
}
