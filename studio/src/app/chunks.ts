/** What browsers and the build's loader say when a part of the program cannot be fetched. */
const CHUNK =
  /dynamically imported module|importing a module script failed|preload css|loading chunk|loading css chunk/i;

export function isChunkError(error: unknown): boolean {
  return error instanceof Error && CHUNK.test(error.message);
}

const KEY = 'mainstay-reloaded';
const ONCE_IN_MILLIS = 30_000;

/** Whether a page may be loaded anew by itself: what fails again right after that is not mended by a third time. */
export function mayReload(storage: Pick<Storage, 'getItem' | 'setItem'>, path: string, now: number): boolean {
  const [lastPath, lastTime] = (storage.getItem(KEY) ?? '').split(' ');
  if (lastPath === path && now - Number(lastTime) < ONCE_IN_MILLIS) return false;
  storage.setItem(KEY, `${path} ${now}`);
  return true;
}
