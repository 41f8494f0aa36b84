/** Which table of the document a string stands in: the first family that it fits. */
const families: [title: string, fits: RegExp][] = [
  ['Re-ranking', /RFlat|Refine|PQ\d+\+\d+$/],
  ['Graphs over the vectors', /^((PCA\d+|IDMap),)?(HNSW|NSG)/],
  ['Multi-index', /IMI/],
  ['Other quantizers over the lists', /IVF\d+(_|\()/],
  ['RaBitQ, EDEN and TurboQuant', /RaBitQ|EDEN|SQtq/],
  ['Additive codes', /(RQ|LSQ)\d+x/],
  ['Bits: LSH, ITQ, spectral hashes', /LSH|SHc?$/],
  ['Four-bit fast scan', /x4fs/],
  ['Product codes', /PQ\d/],
  ['Scalar codes and lattices', /SQ|ZnLattice/],
  ['Whole vectors', /Flat/],
];

export const familyTitles = families.map(([title]) => title);

export const familyOf = (s: string): string => families.find(([, fits]) => fits.test(s))?.[0] ?? 'Whole vectors';
