import { useEffect, useState } from 'react';

const NEAR_PIXELS = 160;

/**
 * Keeps the end of a growing page in view, until the person scrolls up.
 *
 * @param content changes whenever the page grows
 */
export function useFollow(active: boolean, content: unknown) {
  const [following, setFollowing] = useState(true);

  useEffect(() => {
    if (!active) return undefined;
    let last = window.scrollY;
    const onScroll = () => {
      const rest = document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
      if (window.scrollY < last - 2 && rest > 4) {
        setFollowing(false);
      } else if (rest < NEAR_PIXELS && window.scrollY > last) {
        setFollowing(true);
      }
      last = window.scrollY;
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [active]);

  useEffect(() => {
    if (active && following) {
      scrollToEnd('instant');
    }
  }, [active, following, content]);

  const jump = () => {
    setFollowing(true);
    scrollToEnd('instant');
  };
  return { following, jump };
}

function scrollToEnd(behavior: ScrollBehavior): void {
  window.scrollTo({ top: document.documentElement.scrollHeight, behavior });
}
