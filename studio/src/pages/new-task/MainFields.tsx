import { Field } from '../../ui/Field';
import type { Errors, TaskForm } from './form';

export interface FieldsProps {
  values: TaskForm;
  errors: Errors;
  onChange: (change: Partial<TaskForm>) => void;
}

export function MainFields({ values, errors, onChange }: FieldsProps) {
  return (
    <>
      <Field
        label="Repository"
        error={errors.repoUrl}
        hint="https:// to a Git repository; other forms as the operator allows"
      >
        {(attributes) => (
          <input
            {...attributes}
            type="text"
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            placeholder="https://github.com/you/project"
            maxLength={2000}
            value={values.repoUrl}
            onChange={(event) => onChange({ repoUrl: event.target.value })}
          />
        )}
      </Field>
      <Field label="What to do" error={errors.prompt}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={7}
            placeholder="Fix the failing test and say what was wrong."
            maxLength={100_000}
            value={values.prompt}
            onChange={(event) => onChange({ prompt: event.target.value })}
          />
        )}
      </Field>
      <label className="check">
        <input
          type="checkbox"
          checked={values.review === 'before-push'}
          onChange={(event) => onChange({ review: event.target.checked ? 'before-push' : 'none' })}
        />
        <span>
          Let me review the change before it is pushed
          <span className="field-hint">
            The task waits for your approval; a rejection goes back to the agent.
          </span>
        </span>
      </label>
    </>
  );
}
