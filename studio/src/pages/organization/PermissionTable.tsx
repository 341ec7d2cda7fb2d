import { Icon } from '../../ui/Icon';
import { RESOURCES } from './permissions';

/** What a role allows: a line per resource, which is read on a phone as well. */
export function PermissionTable({ grants }: { grants: ReadonlySet<string> }) {
  return (
    <dl className="permissions">
      {RESOURCES.map(({ id, label, actions }) => (
        <div key={id}>
          <dt>{label}</dt>
          <dd>
            <ul>
              {actions.map((action) => {
                const allowed = grants.has(`${id}:${action.id}`);
                return (
                  <li key={action.id} className={allowed ? 'permission-on' : 'permission-off'}>
                    <Icon name={allowed ? 'check' : 'close'} size={12} />
                    <span className="visually-hidden">{allowed ? 'may' : 'may not'} </span>
                    {action.label}
                  </li>
                );
              })}
            </ul>
          </dd>
        </div>
      ))}
    </dl>
  );
}
