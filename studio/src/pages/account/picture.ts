/** What the server takes as a picture, and what the preview may load. */
const URL_OF_PICTURE = /^https?:\/\/[^\s"'<>\\]+$/;

export function pictureFault(url: string): string | undefined {
  return url === '' || URL_OF_PICTURE.test(url) ? undefined : 'Begins with https:// and has no spaces';
}

/** The first letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words.at(0), words.at(-1)] : words;
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase();
}
