import { backoffMillis, pause } from '../live/backoff';

/**
 * Waits until the server answers. False if the caller has given up before.
 *
 * @param path `/health/live`: it runs; `/health/ready`: it can read and write, too
 */
export async function waitForServer(
  path: '/health/live' | '/health/ready',
  signal: AbortSignal,
): Promise<boolean> {
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const answer = await fetch(path, { cache: 'no-store', signal });
      if (answer.ok) return true;
    } catch {
      // Not yet, or the caller has given up.
    }
    await pause(backoffMillis(attempt), signal);
  }
  return false;
}
