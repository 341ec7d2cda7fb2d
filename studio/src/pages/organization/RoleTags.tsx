import { rolesOf } from './permissions';

export function RoleTags({ role }: { role: string }) {
  return (
    <span className="tags">
      {rolesOf(role).map((name) => (
        <span key={name} className="tag">
          {name}
        </span>
      ))}
    </span>
  );
}
