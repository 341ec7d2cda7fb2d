import { useLayoutEffect, useRef } from 'react';

/** So far from its end a reader has scrolled up to read, and is left where they are. */
const NEAR_PIXELS = 24;

/** Text that grows: shows its end, until the reader scrolls up. */
export function LiveOutput({ text, label, className }: { text: string; label: string; className: string }) {
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (box.current && follows.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [text]);
  return (
    <pre
      ref={box}
      className={className}
      role="region"
      aria-label={label}
      // A region that scrolls must be reachable by the keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
      }}
    >
      {text}
    </pre>
  );
}
