import type { RefObject } from 'react';
import { useEffect, useState } from 'react';

/** Whether an element is on the screen, or nearly. */
export function useInView(element: RefObject<Element | null>): boolean {
  const [inView, setInView] = useState(false);
  useEffect(() => {
    const seen = element.current;
    if (!seen) return;
    const observer = new IntersectionObserver(([entry]) => setInView(entry?.isIntersecting ?? false), {
      rootMargin: '200px',
    });
    observer.observe(seen);
    return () => observer.disconnect();
  }, [element]);
  return inView;
}
