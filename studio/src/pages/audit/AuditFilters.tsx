import type { AuditQuery } from '../../api/admin';
import { actWords, AUDIT_ACTIONS } from '../../format/audit';
import { Field } from '../../ui/Field';

export interface Filter {
  action: string;
  from: string;
  to: string;
}

export const NO_FILTER: Filter = { action: '', from: '', to: '' };

/** Days are those of the viewer’s clock, the last one with all its hours. */
export function asQuery({ action, from, to }: Filter): AuditQuery {
  return {
    action: action || undefined,
    from: from ? new Date(`${from}T00:00:00`).toISOString() : undefined,
    to: to ? nextDay(to).toISOString() : undefined,
  };
}

function nextDay(day: string): Date {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date;
}

interface Props {
  filter: Filter;
  onChange: (filter: Filter) => void;
}

export function AuditFilters({ filter, onChange }: Props) {
  return (
    <div className="audit-filters" role="search" aria-label="Filter the audit log">
      <Field label="What">
        {(attributes) => (
          <select
            {...attributes}
            value={filter.action}
            onChange={(event) => onChange({ ...filter, action: event.target.value })}
          >
            <option value="">All acts</option>
            {AUDIT_ACTIONS.map((action) => (
              <option key={action} value={action}>
                {actWords(action)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <DayField label="From" day={filter.from} onChange={(from) => onChange({ ...filter, from })} />
      <DayField label="To" day={filter.to} onChange={(to) => onChange({ ...filter, to })} />
    </div>
  );
}

function DayField({ label, day, onChange }: { label: string; day: string; onChange: (day: string) => void }) {
  return (
    <Field label={label}>
      {(attributes) => (
        <input {...attributes} type="date" value={day} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}
