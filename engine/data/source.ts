/** From what a data set is stored as to what the engine opens: generated from a seed, or a prepared file with its labels. */
import type { DataSet } from './catalogue';
import { generate } from './generate';
import type { GeneratedName } from './generate';
import type { Label, Labels } from './labels';
import type { Source } from './open';
import type { Prepared } from './prepared';
import { rowsToFloat32 } from './prepared';

/** n vectors of a generated set; coordinates serve as labels in two dimensions, numbers elsewhere. */
export function sourceOfGenerated(set: DataSet & { name: GeneratedName }, n: number, seed: number): Source {
  const { d, base, queries } = generate(set.name, n, seed);
  const label = (rows: Float32Array, i: number): Label => ({ kind: 'number', text: d === 2 ? `(${round(rows[2 * i])}, ${round(rows[2 * i + 1])})` : `${i}` });
  return {
    ...about(set), d, nMax: set.nMax, nq: queries.length / d,
    writeBase: (from, to, out) => out.set(base.subarray(from * d, to * d)),
    writeQueries: (out) => out.set(queries),
    baseLabel: (id) => label(base, id), queryLabel: (i) => label(queries, i), queryName: (i) => `${i}`,
  };
}

const round = (v = 0) => Number(v.toPrecision(3));

export function sourceOfPrepared(set: DataSet, prepared: Prepared, labels: Labels): Source {
  const { d, n, nq, base, queries } = prepared;
  return {
    ...about(set), d, nMax: n, nq,
    writeBase: (from, to, out) => rowsToFloat32(base, d, from, to, out),
    writeQueries: (out) => rowsToFloat32(queries, d, 0, nq, out),
    baseLabel: labels.base, queryLabel: labels.query, queryName: labels.queryName,
  };
}

const about = ({ name, title, licence, attribution }: DataSet) => ({ name, title, licence, attribution });
