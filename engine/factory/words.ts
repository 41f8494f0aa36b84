/** The spellings of the language, for mistakes and completion: each word as it begins a term, and a whole term to offer. */
export const WORDS: readonly { word: string; term: string }[] = [
  { word: 'IVF', term: 'IVF256' }, { word: 'IMI2x', term: 'IMI2x8' }, { word: 'HNSW', term: 'HNSW32' }, { word: 'NSG', term: 'NSG32' },
  { word: 'FlatDedup', term: 'FlatDedup' }, { word: 'FlatPanorama', term: 'FlatPanorama8' },
  { word: 'FlatL2Panorama', term: 'FlatL2Panorama8' }, { word: 'FlatIPPanorama', term: 'FlatIPPanorama8' }, { word: 'Flat', term: 'Flat' },
  { word: 'PQ', term: 'PQ16' }, { word: 'OPQ', term: 'OPQ16' }, { word: 'PCAWR', term: 'PCAWR64' }, { word: 'PCAR', term: 'PCAR64' },
  { word: 'PCAW', term: 'PCAW64' }, { word: 'PCA', term: 'PCA64' }, { word: 'ITQ', term: 'ITQ' }, { word: 'RR', term: 'RR' }, { word: 'HR', term: 'HR' },
  { word: 'L2norm', term: 'L2norm' }, { word: 'Pad', term: 'Pad128' },
  { word: 'SQ', term: 'SQ8' }, { word: 'SQfp16', term: 'SQfp16' }, { word: 'SQbf16', term: 'SQbf16' }, { word: 'SQtqmse', term: 'SQtqmse4' }, { word: 'SQtq', term: 'SQtq4' },
  { word: 'SQ8_direct_signed', term: 'SQ8_direct_signed' }, { word: 'SQ8_direct', term: 'SQ8_direct' },
  { word: 'PLSQ', term: 'PLSQ2x4x8' }, { word: 'PRQ', term: 'PRQ2x4x8' }, { word: 'LSCQ', term: 'LSCQ2x4' }, { word: 'LSQ', term: 'LSQ8x8' },
  { word: 'RCQ', term: 'RCQ2x4' }, { word: 'RQ', term: 'RQ8x8' },
  { word: 'RaBitQfs', term: 'RaBitQfs' }, { word: 'RaBitQ', term: 'RaBitQ' }, { word: 'EDEN', term: 'EDEN4' },
  { word: 'ZnLattice', term: 'ZnLattice16x10_6' }, { word: 'LSH', term: 'LSH' }, { word: 'SH', term: 'SH' }, { word: 'Residual', term: 'Residual256' },
  { word: 'RefinePanorama', term: 'RefinePanorama(FlatL2Panorama8_1)' }, { word: 'Refine', term: 'Refine(SQ8)' }, { word: 'RFlat', term: 'RFlat' },
  { word: 'IDMap', term: 'IDMap' }, { word: 'IDMap2', term: 'IDMap2' }, { word: 'MinMax', term: 'MinMax' }, { word: 'MinMaxFP16', term: 'MinMaxFP16' },
];

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
    const cost = word.toLowerCase() === letters.toLowerCase() ? 0.1 * differences(word, letters) : edits(word.toLowerCase(), letters.toLowerCase());
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
