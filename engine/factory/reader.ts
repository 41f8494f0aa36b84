/** A cursor over one term of a factory string. Terms are read left to right; every number is an unsigned decimal that
 *  must fit a signed 32-bit integer, as in Faiss. Knows characters; not the language. */
export type Cursor = {
  readonly s: string;
  at: number;
  readonly to: number;
  /** Where a number stood that does not fit 31 bits. */
  overflow: { from: number; to: number } | null;
};

export const LARGEST = 2147483647;

export const cursor = (s: string, from = 0, to = s.length): Cursor => ({ s, at: from, to, overflow: null });

export const atEnd = (c: Cursor): boolean => c.at === c.to;

/** Takes `word` if it stands here. */
export function eat(c: Cursor, word: string): boolean {
  if (!c.s.startsWith(word, c.at) || c.at + word.length > c.to) return false;
  c.at += word.length;
  return true;
}

/** Takes one character out of `set`, or nothing. */
export function eatOne<C extends string>(c: Cursor, set: readonly C[]): C | null {
  for (const one of set) if (eat(c, one)) return one;
  return null;
}

const isDigit = (c: Cursor) => c.at < c.to && c.s.charCodeAt(c.at) >= 48 && c.s.charCodeAt(c.at) <= 57;

/** Takes digits; null where there are none. */
export function count(c: Cursor): number | null {
  const from = c.at;
  while (isDigit(c)) c.at++;
  if (c.at === from) return null;
  const value = Number(c.s.slice(from, c.at));
  if (value > LARGEST) c.overflow ??= { from, to: c.at };
  return value;
}

/** Takes `mark` and the digits after it; undefined where the mark is absent, null where it lacks its number. */
export function countAfter(c: Cursor, mark: string): number | undefined | null {
  return eat(c, mark) ? count(c) : undefined;
}

/** Takes a run of the given characters. */
export function run(c: Cursor, characters: string): string {
  const from = c.at;
  while (c.at < c.to && characters.includes(c.s.charAt(c.at))) c.at++;
  return c.s.slice(from, c.at);
}
