/** A piece of a text: plain, or an address that can be opened. */
export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

/** A full stop or bracket behind an address is the sentence's. */
const NOT_ITS_END = /[.,;:!?)\]]+$/;

/** Finds the addresses in a text. Nothing else becomes a link, whatever it says. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = match[0].replace(NOT_ITS_END, '');
    if (match.index > end) {
      found.push({ text: text.slice(end, match.index) });
    }
    found.push({ text: href, href });
    end = match.index + href.length;
  }
  return end < text.length ? [...found, { text: text.slice(end) }] : found;
}
