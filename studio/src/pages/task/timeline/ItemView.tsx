import { memo } from 'react';
import { clockTime, fullTime } from '../../../format/format';
import type { Live } from '../../../live/eventState';
import type { Block, Item, ToolRun } from '../../../live/timeline';
import { Markdown } from '../../../ui/Markdown';
import { Thinking } from './Thinking';
import { ToolCard } from './ToolCard';

interface Context {
  tools: ReadonlyMap<string, ToolRun>;
  latestTodo: string | undefined;
  toolOutput: Live['toolOutput'];
  /** The run has ended: calls without a result will have none. */
  over: boolean;
}

interface Props extends Context {
  item: Item;
}

export const ItemView = memo(function ItemView({ item, ...context }: Props) {
  switch (item.kind) {
    case 'status':
      return <StatusItem at={item.at} status={item.status} detail={item.detail} />;
    case 'complete':
      return <StatusItem at={item.at} status={item.status} detail="" />;
    case 'gap':
      return (
        <li className="item item-gap">
          Events {item.from} to {item.to} are no longer kept
        </li>
      );
    case 'tool':
      return (
        <li className="item item-message">
          <ToolBlock id={item.id} {...context} />
        </li>
      );
    case 'message':
      return (
        <li className={`item item-message item-${item.role}`}>
          <p className="item-head">
            <strong>
              {item.summary ? 'Summary of what went before' : item.role === 'user' ? 'You' : 'Agent'}
            </strong>
            <ItemTime at={item.at} />
          </p>
          {item.summary ? (
            <details className="thinking">
              <summary>The conversation grew too long for the model: from here on, it reads this</summary>
              {item.blocks.map((block, index) => (
                <BlockView key={index} block={block} {...context} />
              ))}
            </details>
          ) : (
            item.blocks.map((block, index) => <BlockView key={index} block={block} {...context} />)
          )}
        </li>
      );
  }
});

function BlockView({ block, ...context }: Context & { block: Block }) {
  switch (block.kind) {
    case 'text':
      return <Markdown text={block.text} />;
    case 'thinking':
      return <Thinking text={block.text} />;
    case 'redacted':
      return <p className="muted">Thinking that the provider keeps hidden</p>;
    case 'tool':
      return <ToolBlock id={block.id} {...context} />;
  }
}

function ToolBlock({ id, tools, latestTodo, toolOutput, over }: Context & { id: string }) {
  const run = tools.get(id);
  if (!run) {
    return null;
  }
  const { name, input, startedAt, result } = run;
  return (
    <ToolCard
      name={name}
      input={input}
      startedAt={startedAt}
      output={result?.output}
      isError={result?.isError === true}
      durationMs={result?.durationMs}
      liveOutput={toolOutput[id]}
      over={over}
      preview={name !== 'todo' || id === latestTodo}
    />
  );
}

const StatusItem = memo(function StatusItem({
  at,
  status,
  detail,
}: {
  at: string;
  status: string;
  detail: string;
}) {
  return (
    <li className="item item-status">
      <span className={`status-dot status-dot-${status}`} aria-hidden="true" />
      <span>
        {status}
        {detail !== '' && <span className="muted"> · {detail}</span>}
      </span>
      <ItemTime at={at} />
    </li>
  );
});

function ItemTime({ at }: { at: string }) {
  return (
    <time className="item-time muted" dateTime={at} title={fullTime(at)}>
      {clockTime(at)}
    </time>
  );
}
