import { memo, useState } from 'react';
import { duration } from '../../../format/format';
import { plainOutput } from '../../../format/terminal';
import { toolSummary } from '../../../format/tools';
import type { IconName } from '../../../ui/Icon';
import { Icon } from '../../../ui/Icon';
import { LiveOutput } from '../../../ui/LiveOutput';
import { Output } from '../../../ui/Output';
import { Elapsed } from '../../../ui/Time';
import { ToolPreview } from './ToolPreview';

const ICONS: Readonly<Record<string, IconName>> = {
  bash: 'terminal',
  read: 'file',
  write: 'file',
  edit: 'pencil',
  glob: 'search',
  grep: 'search',
  todo: 'todo',
};

/** Of live output, the end; all of it is there when the call has ended. */
const LIVE_CHARS = 16_000;

interface Props {
  name: string;
  input: unknown;
  startedAt: string | undefined;
  /** Undefined until the call has ended. */
  output: string | undefined;
  isError: boolean;
  durationMs: number | undefined;
  liveOutput: string | undefined;
  /** The run has ended. */
  over: boolean;
  /** Whether what is worth seeing shows while the card is closed. */
  preview: boolean;
}

export const ToolCard = memo(function ToolCard(props: Props) {
  const { name, input, startedAt, output, isError, durationMs, liveOutput, over, preview } = props;
  const [open, setOpen] = useState(false);
  const state = output === undefined ? (startedAt ? 'running' : 'pending') : isError ? 'error' : 'done';
  return (
    <div className={`tool tool-${state}`} data-tool={name}>
      <button type="button" className="tool-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={ICONS[name] ?? 'tool'} />
        <span className="tool-name">{name}</span>
        <span className="tool-summary">{plainOutput(toolSummary(name, input))}</span>
        {state === 'error' && <span className="tool-failed">failed</span>}
        <span className="tool-time muted">
          {output === undefined && over && 'not finished'}
          {state === 'pending' && !over && 'waiting'}
          {state === 'running' && !over && startedAt && (
            <>
              <span className="spinner" aria-hidden="true" /> <Elapsed from={startedAt} />
            </>
          )}
          {durationMs !== undefined && duration(durationMs)}
        </span>
        <Icon name="chevron" />
      </button>
      {(preview || open) && <ToolPreview name={name} input={input} />}
      {output === undefined && liveOutput && (
        <LiveOutput
          className="live-output"
          label={`Live output of ${name}`}
          text={plainOutput(liveOutput.slice(-LIVE_CHARS))}
        />
      )}
      {open && (
        <div className="tool-body">
          <h3>Input</h3>
          <Output text={JSON.stringify(input ?? null, null, 2)} label={`Input of ${name}`} />
          {output !== undefined && (
            <>
              <h3>Output</h3>
              <Output text={output} label={`Output of ${name}`} />
            </>
          )}
        </div>
      )}
    </div>
  );
});
