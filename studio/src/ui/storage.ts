/** Small preferences. A browser that refuses storage loses them, no more. */
export function load(key: string): string | undefined {
  try {
    return localStorage.getItem(`mainstay.${key}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function save(key: string, value: string | undefined): void {
  try {
    if (value === undefined) {
      localStorage.removeItem(`mainstay.${key}`);
    } else {
      localStorage.setItem(`mainstay.${key}`, value);
    }
  } catch {
    // Refused, or full.
  }
}
