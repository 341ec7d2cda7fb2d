import { useEffect, useRef } from 'react';

/** Scrolls an element into view when it appears: whoever followed the end of the page may be far below it. */
export function useReveal<T extends HTMLElement>() {
  const element = useRef<T>(null);
  useEffect(() => {
    element.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return element;
}
