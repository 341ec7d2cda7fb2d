import { Field } from '../../ui/Field';
import type { LimitsForm } from './limits';

interface Props {
  form: LimitsForm;
  errors: Record<string, string>;
  onChange: (form: LimitsForm) => void;
}

/** The fields of one set of limits. */
export function LimitFields({ form, errors, onChange }: Props) {
  const field = (name: keyof LimitsForm, label: string, hint?: string) => (
    <Field label={label} hint={hint} error={errors[name]}>
      {(attributes) => (
        <input
          {...attributes}
          inputMode="decimal"
          value={form[name]}
          onChange={(event) => onChange({ ...form, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      {field('concurrency', 'Active jobs', 'Over all workers; any number if empty')}
      <div className="limit-row">
        {field('rateMax', 'Jobs that start')}
        {field('rateSeconds', 'within seconds')}
      </div>
      <div className="limit-row">
        {field('unitsMax', 'Units that they use')}
        {field('unitsSeconds', 'within seconds')}
      </div>
    </>
  );
}
