import type { TaskStatus } from '../../../api/types';
import { duration } from '../../../format/format';
import { plainOutput } from '../../../format/terminal';
import type { Live } from '../../../live/eventState';
import { LiveOutput } from '../../../ui/LiveOutput';
import { Markdown } from '../../../ui/Markdown';
import { Thinking } from './Thinking';

const INPUT_TAIL = 400;

/** What is being generated right now, until its message is committed. */
export function LiveTail({ live, status }: { live: Live; status: TaskStatus }) {
  const silent = live.text === '' && live.thinking === '' && live.toolInput === '';
  return (
    <section className="live-tail" aria-label="Live">
      {live.thinking !== '' && <Thinking text={live.thinking} live />}
      {live.text !== '' && <Markdown text={live.text} />}
      {live.toolInput !== '' && (
        <LiveOutput
          className="live-input"
          label="What the model is writing"
          text={plainOutput(live.toolInput.slice(-INPUT_TAIL))}
        />
      )}
      {live.retry && (
        <p className="live-retry" role="status">
          The model’s attempt {live.retry.attempt} failed ({live.retry.reason}); trying again in{' '}
          {duration(live.retry.waitMillis)}
        </p>
      )}
      {live.progress !== '' && <p className="muted">{plainOutput(live.progress)}</p>}
      {silent && !live.retry && live.progress === '' && status !== 'waiting' && (
        <p className="working">
          <span className="spinner" aria-hidden="true" />
          {status === 'queued' ? 'Waiting for a free slot' : 'Working'}
        </p>
      )}
    </section>
  );
}
