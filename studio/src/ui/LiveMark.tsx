const WORDS = {
  connecting: 'Connecting …',
  live: 'Live',
  reconnecting: 'Reconnecting …',
  ended: 'Ended',
  lost: 'Not connected',
} as const;

/** Whether what is shown is the present state. */
export function LiveMark({ state }: { state: keyof typeof WORDS }) {
  return (
    <span className={`live-mark live-mark-${state}`} role="status">
      <span className="live-dot" aria-hidden="true" />
      {WORDS[state]}
    </span>
  );
}
