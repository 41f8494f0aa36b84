import type { Metric, Spec, TransformSpec } from './spec';
import type { Around } from './production';
import { codecOf, transformOf } from './grammar';
import { parse, type Token } from './read';
import { writeCodec, writeFactory } from './write';
import { readFactory } from './read';
import { centroidsOf, chainDims, metricOf } from './cost';
import { fileBytes } from './file';
import { fewVectors } from './training';
import { canReconstruct, checkDuty } from './duty';
import { knobsOf } from './knobs';
import { ceilDiv } from './numbers';
import { centroidBits, MEMORY_CAP, panorama } from './terms/codes';
import { NSG_MIN, tooFewLinks } from './terms/graphs';
import { writeCoarse } from './terms/coarse';
import { totalBits, writeBooks } from './terms/additive';
import { advice, cannot, data, number, refused, say, unusable, type Finding, type Problem } from './problems';
import { trainMin } from './training';

/** The data an index is meant for. */
export type Fit = {
  d: number;
  metric: Metric;
  /** vectors of the base set */
  n?: number;
  memoryBytes?: number;
  /** search parameters as they are set */
  params?: { readonly [name: string]: number };
};

const ORDER: readonly Problem['kind'][] = ['refused', 'unusable', 'data', 'advice'];

/** Everything that is wrong, or could be better, with an index for this data; the gravest first. */
export function checkFactory(input: Spec | string, fit: Fit): Problem[] {
  const text = typeof input === 'string' ? input : writeFactory(input);
  const reading = typeof input === 'string' ? readFactory(text) : parse(text);
  if (!reading.spec) return reading.problems;
  return checkSpec(reading.spec, text, reading.tokens, fit);
}

/** The same for a string that is read already. */
export function checkSpec(spec: Spec, text: string, tokens: Token[], fit: Fit): Problem[] {
  const findings = fit.d <= 0 ? [unusable(say.dimension(fit.d))] : [];
  findings.push(...checkIndex(spec, fit.d, fit.metric), ...checkDuty(spec, fit.metric));
  // What cannot be constructed has no size, and needs no vectors.
  if (!findings.some((f) => f.kind === 'refused')) findings.push(...fewVectors(spec, fit), ...checkMemory(spec, fit), ...checkSearch(spec, fit));
  const terms = new Map(tokens.toReversed().map((token) => [token.path, token]));
  return findings
    .map((finding) => placed(finding, text, terms))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** Gives a finding the place of its node's term, or of the nearest node above that has one. */
function placed({ kind, message, path, replace, front, set, step, codec }: Finding, text: string, terms: Map<string, Token>): Problem {
  let node = path;
  let token = terms.get(node);
  while (!token && node !== '') {
    node = node.includes('.') ? node.slice(0, node.lastIndexOf('.')) : '';
    token = terms.get(node);
  }
  const { from, to } = token ?? { from: 0, to: text.length };
  const fix = replace !== undefined && token ? text.slice(0, from) + replace + text.slice(to) : front === undefined ? null : inFront(text, from, front);
  return { from, to, message, kind, ...(fix === null ? {} : { fix }), ...(set === undefined ? {} : { set }), ...(step === undefined ? {} : { step }), ...(codec ? { codec } : {}) };
}

/** `front` before the index that the term at `from` belongs to: behind an open parenthesis, or at the start. */
function inFront(text: string, from: number, front: string): string | null {
  let depth = 0, start = from;
  while (start > 0 && !(text[start - 1] === '(' && depth === 0)) depth += text[--start] === ')' ? 1 : text[start] === '(' ? -1 : 0;
  const fix = text.slice(0, start) + front + text.slice(start);
  return parse(fix, true).spec ? fix : null;
}

/** Findings about a part, seen from its parent. */
const under = (key: string, findings: Finding[]): Finding[] =>
  findings.map((f) => ({ ...f, path: f.path === '' ? key : `${key}.${f.path}` }));

/** What the numbers of each term are worth for d and metric, from the root down. */
function checkIndex(spec: Spec, d: number, metric: Metric, rotated = false): Finding[] {
  switch (spec.kind) {
    case 'Flat': return [];
    case 'Panorama': return [...(spec.metric === metric ? [] : [refused(say.metricOnly(writeFactory(spec), spec.metric), writeFactory({ ...spec, metric }))]), ...panorama(spec.levels, spec.batch, d, (levels) => writeFactory({ ...spec, levels }))];
    case 'Codes': return under('codec', checkCodec(spec.codec, { d, metric, place: 'alone', rotated }));
    case 'RCQ': case 'LSCQ': return totalBits(spec.books) > 63 ? [refused(say.booksTooMany(totalBits(spec.books)))] : [];
    case 'IVF': return checkIvf(spec, d, metric, rotated);
    case 'HNSW': return [...tooFewLinks(`HNSW${spec.M}`, spec.M, 'HNSW32'), ...under('storage', checkCodec(spec.storage, { d, metric, place: 'HNSW', rotated }))];
    case 'NSG': return [...tooFewLinks(`NSG${spec.R}`, spec.R, 'NSG32'), ...under('storage', checkCodec(spec.storage, { d, metric, place: 'NSG', rotated }))];
    case 'TwoLayer': return checkTwoLayer(spec, d, metric);
    case 'PreTransform': return [...checkChain(spec.chain, d), ...under('index', checkIndex(spec.index, chainDims(spec.chain, d).at(-1) ?? d, metric, rotates(spec.chain)))];
    case 'Refine': case 'RefinePanorama': return checkRefine(spec, d, metric);
    case 'IDMap': case 'MinMax': return under('index', checkIndex(spec.index, d, metric, rotated));
  }
}

const checkCodec = (codec: Extract<Spec, { kind: 'Codes' }>['codec'], around: Around): Finding[] => codecOf(codec).check(codec, around);

/** Do the components that come out of the chain mix those that go in? Then none carries more than another. */
const rotates = (chain: TransformSpec[]): boolean => chain.some((transform) => transformOf(transform).rotates(transform));

function checkChain(chain: TransformSpec[], d: number): Finding[] {
  const dims = [d, ...chainDims(chain, d)];
  // Dimensions in which the data varies: padding and rotating upwards add none, and whitening divides by their variance.
  let rank = d;
  return chain.flatMap((transform, i) => {
    const findings = transformOf(transform).check(transform, dims[i] ?? d);
    const flat = transform.kind === 'PCA' && transform.whiten && findings.length === 0 && transform.dOut > rank;
    rank = Math.min(rank, dims[i + 1] ?? d);
    return under(`chain.${i}`, flat ? [unusable(say.nonsense(`whitening divides by the variance, which is 0 beyond ${rank} dimensions`))] : findings);
  });
}

/** RFlat takes the metric of its base; every other refinement is made for the metric asked for, Refine(Flat) too. */
function checkRefine(spec: Extract<Spec, { kind: 'Refine' | 'RefinePanorama' }>, d: number, metric: Metric): Finding[] {
  const { base, refine } = spec, exact = spec.kind === 'Refine' && spec.exact;
  const differ = !exact && metricOf(base, metric) !== metricOf(refine, metric) ? [refused(say.metricsDiffer())] : [];
  return [...differ, ...under('base', checkIndex(base, d, metric)), ...under('refine', checkIndex(refine, d, metric))];
}

function checkTwoLayer({ coarse, M, nbits }: Extract<Spec, { kind: 'TwoLayer' }>, d: number, metric: Metric): Finding[] {
  const findings: Finding[] = metric === 'IP' ? [refused(say.metricOnly('Residual', 'L2'))] : [];
  if (coarse.kind === 'IMI') findings.push(...checkHalves(coarse.M, coarse.nbits, d, `Residual${coarse.M}x${coarse.nbits}`));
  if (coarse.kind === 'Flat' && coarse.nlist === 0) findings.push(cannot('use', 'there is no centroid'));
  return [...findings, ...under('codec', checkCodec({ kind: 'PQ', M, nbits, polysemous: true }, { d, metric, place: 'alone', rotated: true }).filter((f) => f.kind !== 'data'))];
}

function checkHalves(M: number, nbits: number, d: number, term: string): Finding[] {
  if (M === 0) return [refused(say.zeroParts(term))];
  if (d % M !== 0) return [{ ...refused(say.oddHalves(d, M)), front: `Pad${ceilDiv(d, M) * M},` }];
  return nbits === 0 ? [cannot('save', 'codes of 0 bits are not read back')] : centroidBits(term, nbits, d);
}

/** Bytes of the two empty vectors of one list. */
const LIST_BYTES = 48;
/** Instead of too many. */
const LISTS_OFFERED = 65536;

function checkIvf(spec: Extract<Spec, { kind: 'IVF' }>, d: number, metric: Metric, rotated: boolean): Finding[] {
  const { nlist, coarse, codec } = spec;
  const findings: Finding[] = [];
  const term = writeCoarse(nlist, coarse, writeFactory);
  if (coarse.kind === 'IMI') {
    if (metric === 'IP') findings.push(refused(say.metricOnly('IMI', 'L2'), `IVF${Math.min(nlist, LISTS_OFFERED)}`));
    findings.push(...checkHalves(2, coarse.nbits, d, term));
  }
  if (nlist * LIST_BYTES > MEMORY_CAP) findings.push(refused(say.memory(`${term}'s empty lists`, nlist * LIST_BYTES), coarse.kind === 'IMI' ? 'IMI2x12' : coarse.kind === 'Index' ? undefined : writeCoarse(LISTS_OFFERED, coarse, writeFactory)));
  if (nlist === 0) findings.push(cannot('search', 'there is no list', 'IVF256'));
  if (coarse.kind === 'HNSW') findings.push(...tooFewLinks(term, coarse.M, writeCoarse(nlist, { kind: 'HNSW', M: 32 }, writeFactory)));
  if (coarse.kind === 'NSG') {
    findings.push(...tooFewLinks(term, coarse.R, writeCoarse(nlist, { kind: 'NSG', R: 32 }, writeFactory)));
    if (nlist < NSG_MIN) findings.push(cannot('train', `an NSG needs more than 100 centroids, and there are ${nlist}`, writeCoarse(128, coarse, writeFactory)));
  }
  if (coarse.kind === 'Index') findings.push(...checkCoarseIndex(spec, coarse.index, d, metric));
  const inner = coarse.kind === 'Index' ? under('coarse.index', checkIndex(coarse.index, d, metric)) : [];
  return [...under('coarse', findings), ...inner, ...under('codec', checkCodec(codec, { d, metric, place: 'fine', rotated }))];
}

/** An index over the centroids is trained on them, filled with them, and asked to give them back for residuals. */
function checkCoarseIndex({ nlist, codec }: Extract<Spec, { kind: 'IVF' }>, index: Spec, d: number, metric: Metric): Finding[] {
  if (index.kind === 'RCQ') {
    const bits = totalBits(index.books);
    if (nlist === 2 ** bits) return [];
    const fix = LIST_BYTES * 2 ** bits <= MEMORY_CAP ? `IVF${2 ** bits}` : undefined;
    return [cannot('train', `RCQ${writeBooks(index.books)} makes ${bits > 40 ? `2^${bits}` : number(centroidsOf(index))} centroids, not ${number(nlist)}`, fix)];
  }
  const needs = trainMin(index, d, metric);
  if (nlist < needs) return [cannot('train', `${writeFactory(index)} is trained on the ${nlist} centroids and needs at least ${needs}`, `IVF${needs}`)];
  const residual = codecOf(codec).residual(codec);
  if ((residual || (codec.kind === 'SH' && codec.threshold === 'c')) && !canReconstruct(index)) {
    return [cannot('train', `${writeCodec(codec)} codes the difference to a centroid, and ${writeFactory(index)} cannot give its centroids back`)];
  }
  return index.kind === 'IVF' ? [advice(say.quantizerOnce())] : [];
}

function checkMemory(spec: Spec, { d, metric, n, memoryBytes }: Fit): Finding[] {
  if (n === undefined || memoryBytes === undefined || d <= 0) return [];
  const total = fileBytes(spec, { d, n, metric });
  if (!Number.isFinite(total) || total <= memoryBytes) return [];
  const empty = fileBytes(spec, { d, n: 0, metric });
  const room = Math.max(0, Math.floor((memoryBytes - empty) / ((total - empty) / n)));
  return [{ ...data(say.overBudget(total, memoryBytes, n, room)), ...(room > 0 ? { set: { name: 'n', value: room } } : {}) }];
}

/** A graph over the centroids that keeps fewer of them in view than there are lists to visit. */
function checkSearch(spec: Spec, { d, params }: Fit): Finding[] {
  const knobs = knobsOf(spec, d);
  return knobs.filter(({ name }) => name.endsWith('quantizer_efSearch')).flatMap(({ name, path, default: usual }) => {
    if (params === undefined) return [{ ...advice(say.efBelowNprobe()), path }];
    const nprobe = params[name.replace('quantizer_efSearch', 'nprobe')] ?? 1, efSearch = params[name] ?? usual;
    return efSearch < nprobe ? [{ ...advice(say.efBelow(efSearch, nprobe)), path, set: { name, value: nprobe } }] : [];
  });
}
