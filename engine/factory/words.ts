import { PRODUCTIONS } from './grammar';

/** The spellings of the language, for mistakes: each word as it begins a term, and a whole term to offer. The shortest first. */
export const WORDS: readonly { word: string; term: string }[] = PRODUCTIONS
  .flatMap(({ words }) => Object.entries(words).map(([word, term]) => ({ word, term })))
  .sort((a, b) => a.word.length - b.word.length);

/** Matches any of them: where a comma may be missing. */
export const BEGINNINGS = `(?:${WORDS.map(({ word }) => word).reverse().join('|')})`;

/** What the longest word that begins the text stands for. */
export function meaningOf(text: string): { meaning: string; limits: string } | null {
  const { word } = WORDS.findLast((entry) => text.startsWith(entry.word)) ?? {};
  return word === undefined ? null : PRODUCTIONS.find(({ words }) => word in words) ?? null;
}

/** The letters a term begins with: "PX" of "PX16". */
export const head = (text: string): string => /^[A-Za-z]*/.exec(text)?.[0] ?? '';

/** The word of the language nearest to the letters `text` begins with: same letters in another case, or one or two edits away. */
export function nearest(text: string): { word: string; term: string } | null {
  const letters = head(text);
  if (letters === '' || letters.length > LONGEST) return null;
  let best: { word: string; term: string } | null = null;
  let least = letters.length <= 2 ? 1.5 : letters.length <= 4 ? 2 : 3;
  for (const entry of WORDS) {
    const word = head(entry.word);
    const cost = word.toLowerCase() === letters.toLowerCase() ? 0.1 * differences(word, letters) : edits(word.toLowerCase(), letters.toLowerCase()) + 0.01 * Math.abs(word.length - letters.length);
    if (cost < least) { least = cost; best = entry; }
  }
  return best;
}

/** Longer runs of letters are no slip of any word. */
const LONGEST = 24;

const differences = (a: string, b: string): number => [...a].filter((ch, i) => ch !== b.charAt(i)).length;

/** Damerau–Levenshtein distance (optimal string alignment). Words are short: O(|a|·|b|). */
export function edits(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((rows[i - 1]?.[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (rows[i - 1]?.[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, (rows[i - 2]?.[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
