import { count, measure, percent, plural } from '../marks';
import type { AnatomyAnswer, SearchAnswer } from '@/workers/protocol';
import type { Answer } from './ask';
import { meanSquaredError, pointsInUse, sidesOf, variance } from './pictures/lattice';

/** What a figure shows now, with its numbers: read below it, and in its stead. */
export function captionOf(answer: Answer): string {
  switch (answer.kind) {
    case 'cells': return cells(answer);
    case 'codes': return codes(answer);
    case 'maps': return maps(answer.anatomy);
    case 'signs': return signs(answer.anatomy);
    case 'graph': return graph(answer);
    case 'nearest': return `The query is compared with all ${plural(answer.anatomy.n, 'vector')}; its ${plural(answer.search.hits.length, 'nearest neighbour')} ${answer.search.hits.length === 1 ? 'is' : 'are'} within ${measure(Math.sqrt(answer.search.hits.at(-1)?.distance ?? 0))}.`;
    case 'ranks': return ranks(answer);
  }
}

const found = ({ truth }: SearchAnswer) => `${truth.filter((t) => t.found).length} of ${plural(truth.length, 'true neighbour')}`;

function cells({ search, index, anatomy }: Extract<Answer, { kind: 'cells' }>): string {
  const nlist = index.ivf?.nlist ?? 0, { length } = search.probed, sizes = index.ivf?.sizes ?? new Uint32Array();
  const graph = anatomy.graph ? ` ${count(anatomy.graph.links.length / 3)} links join the centroids.` : '';
  return `${count(length)} of ${plural(nlist, 'cell')} probed, with ${count(search.scannedTotal)} of ${plural(anatomy.n, 'vector')}: ${found(search)} found. Lists hold ${count(Math.min(...sizes))} to ${count(Math.max(...sizes))}.${graph}`;
}

function codes({ anatomy, beside, index, lattice, without, plane }: Extract<Answer, { kind: 'codes' }>): string {
  const { base, decoded } = anatomy, restored = anatomy.restored ?? base;
  const used = count(pointsInUse(restored).length / 2), sides = lattice && decoded && sidesOf(decoded);
  const points = sides ? `${count(sides[0])} × ${count(sides[1])} values make ${count(sides[0] * sides[1])} points, ${used} of them in use` : `The codes stand for ${used} points`;
  const lost = (of: AnatomyAnswer) => `${measure((100 * meanSquaredError(of.base, of.restored ?? of.base)) / variance(of.base))}\u202f%`;
  const than = beside ? `; without ${without} ${lost(beside)}` : '';
  return `${points} for ${plural(anatomy.n, 'vector')}, in ${plural(index.codeSize ?? 0, 'byte')} each. ${lost(anatomy)} of the variance is lost${than}.${plane ? ` ${plane}` : ''}`;
}

function maps({ base, inner, restored, dInner, n }: AnatomyAnswer): string {
  if (dInner === 1) return `${plural(n, 'vector')} on the one direction that keeps most: ${percent(variance(restored ?? base) / variance(base))} of the variance stays.`;
  const lengths = (rows: Float32Array) => Array.from({ length: rows.length / 2 }, (_, i) => Math.hypot(rows[2 * i] ?? 0, rows[2 * i + 1] ?? 0));
  const [before, after] = [lengths(base), lengths(inner)];
  const range = (values: number[]) => {
    const [least, most] = [measure(Math.min(...values)), measure(Math.max(...values))];
    return least === most ? `all ${least}` : `${least} to ${most}`;
  };
  const kept = before.every((length, i) => Math.abs(length - (after[i] ?? 0)) < 1e-4 * Math.max(1, length));
  if (kept) return `${plural(n, 'vector')} turned: every length stays, ${range(before)}, and with it every distance.`;
  return `Lengths of ${plural(n, 'vector')}: ${range(before)} before, ${range(after)} after.`;
}

function signs({ n, decoded, signs: of }: AnatomyAnswer): string {
  return `${plural(of?.nbits ?? 0, 'line')} through the plane, one a bit: ${plural(n, 'vector')} share ${count(decoded ? pointsInUse(decoded).length / 2 : 0)} codes.`;
}

function graph({ anatomy: { graph: of, n }, search }: Extract<Answer, { kind: 'graph' | 'nearest' }>): string {
  const levels = of?.levels ?? new Uint8Array();
  const sizes = Array.from({ length: Math.max(1, ...levels) }, (_, layer) => levels.filter((l) => l > layer).length);
  const layers = sizes.length > 1 ? `${count(sizes.length)} layers of ${sizes.map(count).join(', ')}` : 'one layer';
  return `${plural(n, 'vector')} on ${layers}. The walk computed ${count(search.counts.ndis)} distances and found ${found(search)}.`;
}

function ranks({ before, after }: Extract<Answer, { kind: 'ranks' }>): string {
  const truth = new Set(after.truth.map(({ id }) => id)), k = after.truth.length;
  const among = (hits: SearchAnswer['hits']) => hits.filter(({ id }) => truth.has(id)).length;
  return `By their codes ${among(before.hits.slice(0, k))} of ${k} true neighbours come first; among the ${count(before.hits.length)} re-ranked are ${among(before.hits)}, and ${among(after.hits)} are returned.`;
}
