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
    case 'IDMap': return partsOf(spec.index);
    case 'MinMax': return { ...none, codes: partsOf(spec.index).codes }; // its lists and transforms are parts of a code
    case 'Refine': case 'RefinePanorama': return { ...partsOf(spec.base), ranks: true };
    case 'IVF': return { ...none, cells: true, grid: isGrid(spec.coarse), codes: isCode(spec.codec), layers: walksGraph(spec), ranks: spec.codec.kind === 'PQR' };
    case 'Codes': return { ...none, codes: isCode(spec.codec) };
    case 'TwoLayer': return { ...none, grid: true, codes: true };
    case 'HNSW': case 'NSG': return { ...none, grid: spec.storage.kind === 'TwoLevel', codes: isCode(spec.storage), layers: true };
    default: return none;
  }
}

const none: Parts = { transforms: false, cells: false, grid: false, codes: false, layers: false, ranks: false };

/** A graph over the vectors, or over the centroids of whatever depth, which a search walks. */
function walksGraph(spec: Spec): boolean {
  switch (spec.kind) {
    case 'HNSW': case 'NSG': return true;
    case 'PreTransform': case 'IDMap': return walksGraph(spec.index);
    case 'Refine': case 'RefinePanorama': return walksGraph(spec.base);
    case 'IVF': return spec.coarse.kind === 'HNSW' || spec.coarse.kind === 'NSG' || (spec.coarse.kind === 'Index' && walksGraph(spec.coarse.index));
    default: return false;
  }
}

/** Something else than the vectors is kept. */
const isCode = ({ kind }: CodecSpec) => !kind.startsWith('Flat');

/** Lists whose number is a code: of two halves, or of the rows of codebooks. */
function isGrid(coarse: CoarseSpec): boolean {
  return coarse.kind === 'IMI' || (coarse.kind === 'Index' && coarse.index.kind === 'RCQ');
}
