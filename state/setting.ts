import { catalogue } from '../engine/data/catalogue';
import type { DataSetName } from '../engine/data/catalogue';
import type { Metric } from '../engine/factory/spec';
import type { OpqSettingName } from '../engine/transforms/opq';
import type { PlaneKind } from '../workers/protocol';
import { writeNumber, wholeNumber, oneOf } from './rows';
import type { Row } from './rows';

/** What the person chose: the whole experiment, and therefore the URL. */
export type Setting = {
  data: DataSetName;          // name of an embedded data set
  n: number;                  // base vectors taken of it, from its start
  metric: Metric;
  seed: number;
  index: string;              // the factory string as typed, right or wrong
  opq: OpqSettingName;        // how long an OPQ is trained; nothing else hears of it
  nprobe: number;             // lists visited
  efSearch: number;           // width of the graph walk
  quantizer_efSearch: number; // the same in the graph over the centroids
  k_factor_rf: number;        // k · k_factor_rf candidates are re-ranked
  k: number;                  // neighbours asked for
  query: string;              // "king" · "17" · "id:1234" · "17@0.31,-0.2"; see query.ts
  view: 'map' | 'cells';
  plane: PlaneKind;
  iteration: number | null;   // k-means iteration on the stage, null for the finished index
};
export type Field = keyof Setting;

/** Does this string train an OPQ? */
export const hasOpq = (index: string) => index.includes('OPQ');

/** Bounds of the fields alone. What a data set or an index allows beyond them is settled where that is known. */
export const bounds = {
  n: [2, 1_000_000], seed: [0, 4_294_967_295], k: [1, 100],
  nprobe: [1, 65_536], efSearch: [1, 4096], quantizer_efSearch: [1, 4096], k_factor_rf: [1, 1000],
} as const;

const queryForms = /^(id:\d+|[^@:]+(@-?\d*\.?\d+(e-?\d+)?,-?\d*\.?\d+(e-?\d+)?)?)$/i;

/** One row per field; the order is that of the URL. */
export const rows: { [F in Field]: Row<Setting[F]> } = {
  data: oneOf('photo-sift', catalogue.map((set) => set.name)),
  n: wholeNumber(10_000, bounds.n),
  index: { default: 'IVF256,PQ32', print: String, read: (text) => ({ value: text.slice(0, 400) }) },
  metric: oneOf('L2', ['L2', 'IP']),
  opq: oneOf('quick', ['quick', 'matched', 'faiss']),
  nprobe: wholeNumber(8, bounds.nprobe),
  efSearch: wholeNumber(16, bounds.efSearch),
  quantizer_efSearch: wholeNumber(16, bounds.quantizer_efSearch),
  k_factor_rf: wholeNumber(1, bounds.k_factor_rf),
  k: wholeNumber(10, bounds.k),
  query: {
    default: '0',
    print: String,
    read: (text) => queryForms.test(text)
      ? { value: text }
      : { value: '0', wrong: `“${text}” names no query; query 0 is used. Write a word, a number, id:1234 or 17@0.31,-0.2.` },
  },
  view: oneOf('cells', ['map', 'cells']),
  plane: oneOf('query', ['query', 'pca', 'data']),
  iteration: {
    default: null,
    print: (value) => (value === null ? 'end' : writeNumber(value)),
    read: (text) => (text === 'end' ? { value: null } : wholeNumber(0, [0, 1000]).read(text)),
  },
  seed: wholeNumber(1234, bounds.seed),
};

export const fields = Object.keys(rows) as Field[];

export const defaults = (): Setting => ({
  data: rows.data.default, n: rows.n.default, metric: rows.metric.default, seed: rows.seed.default, index: rows.index.default, opq: rows.opq.default,
  nprobe: rows.nprobe.default, efSearch: rows.efSearch.default, quantizer_efSearch: rows.quantizer_efSearch.default,
  k_factor_rf: rows.k_factor_rf.default, k: rows.k.default, query: rows.query.default, view: rows.view.default,
  plane: rows.plane.default, iteration: rows.iteration.default,
});
