import { readFactory } from '../engine/factory/index';
import type { CodecSpec, CoarseSpec, Spec } from '../engine/factory/spec';
import type { LookKind } from '../workers/protocol';

/** The views of the stage: `map` and `cells` are drawn on a plane, each other one from an answer of its own. */
export type View = 'cells' | 'map' | LookKind;

/** What decides which views an index has. */
type Parts = { transforms: boolean; cells: boolean; grid: boolean; codes: boolean; layers: boolean; ranks: boolean };

const rows: { [V in View]: { text: string; has: (parts: Parts) => boolean } } = {
  cells: { text: 'Cells', has: ({ cells }) => cells },
  map: { text: 'Map', has: () => true },
  grid: { text: 'Grid', has: ({ grid }) => grid },
  codes: { text: 'Codes', has: ({ codes }) => codes },
  layers: { text: 'Layers', has: ({ layers }) => layers },
  ranks: { text: 'Ranks', has: ({ ranks }) => ranks },
  transforms: { text: 'Transforms', has: ({ transforms }) => transforms },
};

export const views = Object.keys(rows).filter((name): name is View => name in rows);
export const isLook = (view: View): view is LookKind => view !== 'map' && view !== 'cells';

/** The views that the index of a string has, with their names; the map alone where the string is wrong. */
export function viewsOf(index: string): { value: View; text: string }[] {
  const { spec } = readFactory(index), parts = spec ? partsOf(spec) : none;
  return views.filter((view) => rows[view].has(parts)).map((value) => ({ value, text: rows[value].text }));
}

/** The chosen view where the index has it; else its cells, else the map. */
export function viewFor(index: string, wanted: View): View {
  const offered = viewsOf(index);
  return (offered.find(({ value }) => value === wanted) ?? offered[0])?.value ?? 'map';
}

function partsOf(spec: Spec): Parts {
  switch (spec.kind) {
    case 'PreTransform': return { ...partsOf(spec.index), transforms: true };
    case 'IDMap': case 'MinMax': return partsOf(spec.index);
    case 'Refine': case 'RefinePanorama': return { ...partsOf(spec.base), ranks: true };
    case 'IVF': return { ...none, cells: true, grid: isSquare(spec.coarse), codes: isCode(spec.codec), layers: spec.coarse.kind === 'HNSW' || spec.coarse.kind === 'NSG', ranks: spec.codec.kind === 'PQR' };
    case 'Codes': return { ...none, codes: isCode(spec.codec) };
    case 'TwoLayer': return { ...none, codes: true };
    case 'HNSW': case 'NSG': return { ...none, codes: isCode(spec.storage), layers: true };
    default: return none;
  }
}

const none: Parts = { transforms: false, cells: false, grid: false, codes: false, layers: false, ranks: false };

/** Something else than the vectors is kept. */
const isCode = ({ kind }: CodecSpec) => !kind.startsWith('Flat');

/** Lists that are pairs: of halves, or of the rows of two codebooks. */
function isSquare(coarse: CoarseSpec): boolean {
  if (coarse.kind === 'IMI') return true;
  return coarse.kind === 'Index' && coarse.index.kind === 'RCQ' && coarse.index.books.reduce((M, book) => M + book.M, 0) === 2;
}
