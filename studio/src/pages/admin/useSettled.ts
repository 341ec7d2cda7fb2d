import { useEffect, useState } from 'react';

const PAUSE_MILLIS = 250;

/** A text once nobody has typed for a moment: not every letter is to be searched for. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MILLIS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
