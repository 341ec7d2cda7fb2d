import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { useId, useState } from 'react';
import type { Scale } from './scale';

export interface Line {
  label: string;
  /** Of its colour. */
  kind: 'good' | 'bad' | 'typical' | 'slow';
  /** One for each point; none where nothing was measured. */
  values: readonly (number | undefined)[];
}

interface Props {
  title: string;
  /** What the values are, beside the title. */
  unit: string;
  lines: readonly Line[];
  /** Values of a point stand on each other, instead of being joined from point to point. */
  stacked?: boolean;
  scale: Scale;
  say: (value: number) => string;
  /** When each point is, in words. */
  times: readonly string[];
}

/** A chart with a legend, which says the values of the point that is pointed at, by mouse, touch or arrow keys. */
export function Chart({ title, unit, lines, stacked = false, scale, say, times }: Props) {
  const id = useId();
  const [at, setAt] = useState<number>();
  const last = times.length - 1;
  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const place = (event.clientX - box.left) / box.width;
    setAt(Math.min(last, Math.max(0, Math.floor(place * times.length))));
  };
  const move = (event: KeyboardEvent) => {
    const to = { ArrowLeft: (at ?? last + 1) - 1, ArrowRight: (at ?? -1) + 1, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') setAt(undefined);
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
  };
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption id={id}>
        <b>{title}</b> <span className="muted">{unit}</span>
      </figcaption>
      <Legend lines={lines} at={at} say={say} time={at === undefined ? undefined : times[at]} />
      <div className="chart-body">
        <div className="chart-axis" aria-hidden="true">
          {scale.ticks.map((tick) => (
            <span key={tick} style={{ bottom: `${scale.place(tick) * 100}%` }}>
              {say(tick)}
            </span>
          ))}
        </div>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrow keys do what a mouse does */}
        <div
          className="chart-plot"
          role="img"
          aria-label={`${title}: ${summary(lines, say)}`}
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that they can be pressed
          tabIndex={0}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setAt(undefined)}
          onKeyDown={move}
          onBlur={() => setAt(undefined)}
        >
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            {scale.ticks.map((tick) => (
              <path key={tick} className="chart-grid" d={`M0 ${y(scale, tick)}H100`} />
            ))}
            {stacked ? <Bars lines={lines} scale={scale} /> : <Curves lines={lines} scale={scale} />}
          </svg>
          {at !== undefined && (
            <span className="chart-mark" style={{ left: `${((at + 0.5) / times.length) * 100}%` }} />
          )}
        </div>
      </div>
      <div className="chart-times muted" aria-hidden="true">
        <span>{times[0]}</span>
        <span>{times[Math.floor(times.length / 2)]}</span>
        <span>now</span>
      </div>
    </figure>
  );
}

function Legend({
  lines,
  at,
  say,
  time,
}: {
  lines: readonly Line[];
  at: number | undefined;
  say: Props['say'];
  time: ReactNode;
}) {
  return (
    <p className="chart-legend" role="status">
      {lines.map((line) => {
        const value = at === undefined ? undefined : line.values[at];
        return (
          <span key={line.label} className={`chart-key chart-${line.kind}`}>
            {line.label}
            {at !== undefined && <b> {value === undefined ? 'none' : say(value)}</b>}
            <span className="visually-hidden">, </span>
          </span>
        );
      })}
      <span className="muted">{time}</span>
    </p>
  );
}

function Bars({ lines, scale }: { lines: readonly Line[]; scale: Scale }) {
  const count = lines[0]?.values.length ?? 0;
  const width = 100 / count;
  return Array.from({ length: count }, (_, i) => {
    let below = 0;
    return lines.map((line) => {
      const value = line.values[i] ?? 0;
      const bottom = below;
      below += value;
      return (
        value > 0 && (
          <rect
            key={`${line.label} ${i}`}
            className={`chart-bar chart-${line.kind}`}
            x={(i + 0.1) * width}
            width={width * 0.8}
            y={y(scale, below)}
            height={(scale.place(below) - scale.place(bottom)) * 100}
          />
        )
      );
    });
  });
}

function Curves({ lines, scale }: { lines: readonly Line[]; scale: Scale }) {
  return lines.map((line) => (
    <path key={line.label} className={`chart-line chart-${line.kind}`} d={curve(line.values, scale)} />
  ));
}

/** Joins neighbours; one that has none is a short stroke. */
function curve(values: Line['values'], scale: Scale): string {
  const width = 100 / values.length;
  return values
    .map((value, i) => {
      if (value === undefined) return '';
      const height = y(scale, value);
      const middle = (i + 0.5) * width;
      if (values[i - 1] !== undefined) return `L${middle} ${height}`;
      return values[i + 1] === undefined
        ? `M${i * width} ${height}H${(i + 1) * width}`
        : `M${middle} ${height}`;
    })
    .join('');
}

function y(scale: Scale, value: number): number {
  return 100 - scale.place(value) * 100;
}

function summary(lines: readonly Line[], say: Props['say']): string {
  return lines
    .map((line) => {
      const last = line.values.findLast((value) => value !== undefined);
      return last === undefined ? `no ${line.label}` : `${line.label} ${say(last)}`;
    })
    .join(', ');
}
