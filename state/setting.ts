import { catalogue } from '../engine/data/catalogue';
import type { DataSetName } from '../engine/data/catalogue';
import type { Metric } from '../engine/factory/spec';
import type { SearchParams } from '../engine/types';
import type { OpqSettingName } from '../engine/transforms/opq';
import type { PlaneKind } from '../workers/protocol';
import { oneOf, wholeNumber, wholeOrNone } from './rows';
import type { Row } from './rows';
import { views } from './views';
import type { View } from './views';

/** Search parameters that the engine takes, by Faiss's names: what stands for those not said, and the bounds of each alone. */
const searchRows = {
  nprobe: [8, 1, 65_536],             // lists visited
  max_codes: [0, 0, 2 ** 31 - 1],     // codes scanned at most, 0 for all of the lists visited
  efSearch: [16, 1, 4096],            // width of the graph walk
  search_L: [16, 1, 4096],            // the same of an NSG
  ht: [1_000_000, 0, 1_000_000],      // bits in which a product code may differ from the query's; all of them: off
  quantizer_nprobe: [1, 1, 65_536],   // the same of the index over the centroids
  quantizer_max_codes: [0, 0, 2 ** 31 - 1],
  quantizer_efSearch: [16, 1, 4096],
  quantizer_k_factor_rf: [1, 1, 1000],
  quantizer_quantizer_nprobe: [1, 1, 65_536], // and of the index over their centroids
  quantizer_quantizer_efSearch: [16, 1, 4096],
  k_factor_rf: [1, 1, 1000],          // k · k_factor_rf candidates are re-ranked
  k_factor: [4, 1, 64],               // the same by the second code of PQa+b
} as const satisfies { [P in keyof SearchParams]: readonly [preset: number, min: number, max: number] };
export type Parameter = keyof typeof searchRows;
export const parameters = Object.keys(searchRows).filter((name): name is Parameter => name in searchRows);
export const isParameter = (name: string): name is Parameter => name in searchRows;

/** One entry per search parameter. */
function perParameter<T>(make: (row: readonly [preset: number, min: number, max: number]) => T): { [P in Parameter]: T } {
  const {
    nprobe, max_codes, efSearch, search_L, ht, quantizer_nprobe, quantizer_max_codes, quantizer_efSearch, quantizer_k_factor_rf,
    quantizer_quantizer_nprobe, quantizer_quantizer_efSearch, k_factor_rf, k_factor,
  } = searchRows;
  return {
    nprobe: make(nprobe), max_codes: make(max_codes), efSearch: make(efSearch), search_L: make(search_L), ht: make(ht),
    quantizer_nprobe: make(quantizer_nprobe), quantizer_max_codes: make(quantizer_max_codes), quantizer_efSearch: make(quantizer_efSearch),
    quantizer_k_factor_rf: make(quantizer_k_factor_rf),
    quantizer_quantizer_nprobe: make(quantizer_quantizer_nprobe), quantizer_quantizer_efSearch: make(quantizer_quantizer_efSearch),
    k_factor_rf: make(k_factor_rf), k_factor: make(k_factor),
  };
}

/** What the person chose: the whole experiment, and therefore the URL. */
export type Setting = { [P in Parameter]: number } & {
  data: DataSetName;          // name of an embedded data set
  n: number;                  // base vectors taken of it, from its start
  metric: Metric;
  seed: number;               // 0 leaves Faiss's own seeds as they are, another number shifts them
  index: string;              // the factory string as typed, right or wrong
  opq: OpqSettingName;        // how long an OPQ is trained; nothing else hears of it
  k: number;                  // neighbours asked for
  query: string;              // "king" · "17" · "id:1234" · "17@0.31,-0.2"; see query.ts
  view: View;
  plane: PlaneKind;
  iteration: number | null;   // step of training on the stage, null for the finished index
  selected: number | null;    // id of the base vector looked at closely, the same in every view
};
export type Field = keyof Setting;

/** Does this string train an OPQ? */
export const hasOpq = (index: string) => index.includes('OPQ');

/** Bounds of the fields alone. What a data set or an index allows beyond them is settled where that is known. */
export const bounds = {
  n: [2, 1_000_000], seed: [0, 4_294_967_295], k: [1, 100],
  ...perParameter(([, min, max]): readonly [number, number] => [min, max]),
} as const;

const queryForms = /^(id:\d+|[^@:]+(@-?\d*\.?\d+(e-?\d+)?,-?\d*\.?\d+(e-?\d+)?)?)$/i;

/** One row per field; the order is that of the URL. */
export const rows: { [F in Field]: Row<Setting[F]> } = {
  data: oneOf('photo-sift', catalogue.map((set) => set.name)),
  n: wholeNumber(10_000, bounds.n),
  index: { default: 'IVF256,PQ32', print: String, read: (text) => ({ value: text.slice(0, 400) }) },
  metric: oneOf('L2', ['L2', 'IP']),
  opq: oneOf('quick', ['quick', 'matched', 'faiss']),
  ...perParameter(([preset, min, max]) => wholeNumber(preset, [min, max])),
  k: wholeNumber(10, bounds.k),
  query: {
    default: '0',
    print: String,
    read: (text) => queryForms.test(text)
      ? { value: text }
      : { value: '0', wrong: `“${text}” names no query; query 0 is used. Write a word, a number, id:1234 or 17@0.31,-0.2.` },
  },
  view: oneOf('cells', views),
  plane: oneOf('query', ['query', 'pca', 'data', 'umap']),
  iteration: wholeOrNone('end', [0, 100_000]),
  selected: wholeOrNone('none', [0, bounds.n[1] - 1]),
  seed: wholeNumber(0, bounds.seed),
};

export const fields = Object.keys(rows) as Field[];

export const defaults = (): Setting => ({
  data: rows.data.default, n: rows.n.default, metric: rows.metric.default, seed: rows.seed.default, index: rows.index.default, opq: rows.opq.default,
  ...perParameter(([preset]) => preset), k: rows.k.default, query: rows.query.default, view: rows.view.default,
  plane: rows.plane.default, iteration: rows.iteration.default, selected: rows.selected.default,
});
