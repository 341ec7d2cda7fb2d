import { firstLine } from '../../../format/format';

/** What the model thought: out of the way until it is asked for. */
export function Thinking({ text, live = false }: { text: string; live?: boolean }) {
  return (
    <details className="thinking">
      <summary>
        {live ? 'Thinking …' : 'Thinking'} <span className="muted">{firstLine(text).slice(0, 80)}</span>
      </summary>
      <div className="thinking-text">{text}</div>
    </details>
  );
}
