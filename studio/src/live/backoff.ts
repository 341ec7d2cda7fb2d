const BASE_MILLIS = 500;
const MAX_MILLIS = 15_000;

/** Full jitter: clients that lost one server must not all come back in the same moment. */
export function backoffMillis(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(MAX_MILLIS, BASE_MILLIS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

/** Waits, or ends early when the signal aborts. */
export function pause(millis: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, millis);
    signal.addEventListener('abort', end);
  });
}
