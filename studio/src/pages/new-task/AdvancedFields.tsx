import { PRIORITIES } from '../../api/types';
import { Field } from '../../ui/Field';
import type { TaskForm } from './form';
import type { FieldsProps } from './MainFields';

const FIELDS: readonly string[] = [
  'baseBranch',
  'branch',
  'push',
  'priority',
  'agent',
  'model',
  'notBefore',
  'metadata',
];

const PRIORITY_WORDS = { P0: 'P0 · now', P1: 'P1 · soon', P2: 'P2 · normal', P3: 'P3 · when idle' } as const;

interface Props extends FieldsProps {
  defaultModel: string;
}

export function AdvancedFields({ values, errors, defaultModel, onChange }: Props) {
  const wrong = Object.keys(errors).some((field) => FIELDS.includes(field) || field.startsWith('limits'));
  const input = (name: keyof TaskForm, label: string, placeholder = '', hint = '', field: string = name) => (
    <Field label={label} error={errors[field]} hint={hint}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={placeholder}
          inputMode={field.startsWith('limits') ? 'decimal' : 'text'}
          value={values[name]}
          onChange={(event) => onChange({ [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <details className="advanced" open={wrong || undefined}>
      <summary>Branches, limits and more</summary>
      <fieldset>
        <legend>Branches</legend>
        {input('baseBranch', 'Start from', 'the default branch')}
        {input('branch', 'Push to', 'mainstay/…', 'If it is taken by other work, a new name is used')}
        <Field label="Push">
          {(attributes) => (
            <select
              {...attributes}
              value={values.push}
              onChange={(event) => onChange({ push: event.target.value === 'none' ? 'none' : 'branch' })}
            >
              <option value="branch">Push a branch</option>
              <option value="none">Commit only</option>
            </select>
          )}
        </Field>
      </fieldset>
      <fieldset>
        <legend>Run</legend>
        {input('model', 'Model', defaultModel)}
        {input('agent', 'Agent', 'default')}
        <Field label="Priority" error={errors.priority}>
          {(attributes) => (
            <select
              {...attributes}
              value={values.priority}
              onChange={(event) => onChange({ priority: event.target.value })}
            >
              {PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {PRIORITY_WORDS[priority]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Not before" error={errors.notBefore}>
          {(attributes) => (
            <input
              {...attributes}
              type="datetime-local"
              value={values.notBefore}
              onChange={(event) => onChange({ notBefore: event.target.value })}
            />
          )}
        </Field>
      </fieldset>
      <fieldset>
        <legend>Limits</legend>
        {input('maxTurns', 'Turns', 'no limit', '', 'limits.maxTurns')}
        {input('maxTokens', 'Tokens', 'no limit', '', 'limits.maxTokens')}
        {input('maxCostUsd', 'Cost in USD', 'no limit', '', 'limits.maxCostUsd')}
        {input('maxDurationMinutes', 'Minutes', 'no limit', '', 'limits.maxDurationSeconds')}
      </fieldset>
      <Field label="Metadata" error={errors.metadata} hint="A JSON object; kept and shown as it is">
        {(attributes) => (
          <textarea
            {...attributes}
            className="mono"
            rows={3}
            spellCheck={false}
            placeholder='{"ticket": "ABC-1"}'
            value={values.metadata}
            onChange={(event) => onChange({ metadata: event.target.value })}
          />
        )}
      </Field>
    </details>
  );
}
