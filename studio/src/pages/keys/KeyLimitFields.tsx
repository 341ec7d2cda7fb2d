import { Field } from '../../ui/Field';
import type { Draft, Span } from './terms';
import { REFILLS, WINDOWS } from './terms';

interface Props {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
  errors: Record<string, string | undefined>;
}

/** How often a key may be used; nothing for any number. */
export function KeyLimitFields({ draft, onChange, errors }: Props) {
  const wrong = Boolean(errors.rateLimitMax ?? errors.remaining ?? errors.refillAmount);
  return (
    <details className="key-limits-form" open={wrong || undefined}>
      <summary>Limits</summary>
      <div className="limit-pair">
        <NumberField
          label="Requests at most"
          value={draft.max}
          error={errors.rateLimitMax}
          onChange={(max) => onChange({ max })}
        />
        <SpanField
          label="per"
          spans={WINDOWS}
          value={draft.window}
          onChange={(window) => onChange({ window })}
        />
      </div>
      <NumberField
        label="Requests in all"
        value={draft.remaining}
        error={errors.remaining}
        hint="Counted exactly; a key that is used up opens nothing"
        onChange={(remaining) => onChange({ remaining })}
      />
      <div className="limit-pair">
        <NumberField
          label="Set anew to"
          value={draft.refill}
          error={errors.refillAmount}
          onChange={(refill) => onChange({ refill })}
        />
        <SpanField
          label="every"
          spans={REFILLS}
          value={draft.interval}
          onChange={(interval) => onChange({ interval })}
        />
      </div>
    </details>
  );
}

interface NumberProps {
  label: string;
  value: string;
  error: string | undefined;
  hint?: string;
  onChange: (value: string) => void;
}

function NumberField({ label, value, error, hint, onChange }: NumberProps) {
  return (
    <Field label={label} error={error} hint={hint}>
      {(attributes) => (
        <input
          {...attributes}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          maxLength={10}
          placeholder="any"
          value={value}
          onChange={(event) => onChange(event.target.value.trim())}
        />
      )}
    </Field>
  );
}

interface SpanProps {
  label: string;
  spans: readonly Span[];
  value: number;
  onChange: (millis: number) => void;
}

function SpanField({ label, spans, value, onChange }: SpanProps) {
  return (
    <Field label={label}>
      {(attributes) => (
        <select {...attributes} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {spans.map((span) => (
            <option key={span.millis} value={span.millis}>
              {span.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
