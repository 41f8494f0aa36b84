import type { BinarySpec, Metric, Spec } from './spec';
import type { Parameter } from './production';
import { binaryParameters, checkBinaryFactory, readBinaryFactory } from './binary';
import { checkFactory } from './check';
import { whyNoCodes } from './duty';
import { knobsOf, type Knob } from './knobs';
import type { Problem, Step } from './problems';
import { readFactory } from './read';
import { trainMin } from './training';

/** The index of a string in Faiss's own words: Python that makes, trains, fills, sets and searches it. What Faiss constructs
 *  and cannot use is written as far as it goes, with the reason. Knows Faiss's names; not this engine. */

export type Wanted = {
  d: number;
  metric: Metric;
  /** Vectors to index; as many as training takes, if that is more. */
  n?: number;
  k?: number;
  /** Search parameters by name; of the rest the main one is written with Faiss's default. */
  params?: { readonly [name: string]: number | undefined };
};

/** Null for a string that Faiss refuses. */
export function pythonOf(s: string, wanted: Wanted): string | null {
  const { spec } = readFactory(s);
  if (!spec) return binaryPython(s, wanted);
  const { d, metric, n = USUAL_N } = wanted;
  const problems = checkFactory(s, { d, metric });
  if (problems.some(({ kind }) => kind === 'refused')) return null;
  return program({
    wanted, n: Math.max(n, trainMin(spec, d, metric)), problems,
    vectors: (rows) => `rng.standard_normal((${rows}, d), dtype=np.float32)`,
    make: `index = faiss.index_factory(d, ${quoted(s)}, faiss.METRIC_${metric === 'IP' ? 'INNER_PRODUCT' : 'L2'})`,
    ids: spec.kind === 'IDMap', codec: codes(spec), set: settings(spec, wanted),
    answer: metric === 'IP' ? 'inner products and ids, largest first' : 'distances and ids, nearest first',
  });
}
const USUAL_N = 10_000;

function binaryPython(s: string, wanted: Wanted): string | null {
  const { spec } = readBinaryFactory(s);
  const problems = checkBinaryFactory(s, wanted.d);
  if (!spec || problems.some(({ kind }) => kind === 'refused')) return null;
  return program({
    wanted, n: Math.max(wanted.n ?? USUAL_N, innermost(spec).kind === 'BIVF' ? nlistOf(spec) : 1), problems,
    vectors: (rows) => `rng.integers(0, 256, (${rows}, d // 8), dtype=np.uint8)`,
    make: `index = faiss.index_binary_factory(d, ${quoted(s)})`,
    ids: spec.kind === 'BIDMap', codec: false, set: binarySettings(spec, wanted), answer: 'Hamming distances and ids, nearest first',
  });
}

type Plan = {
  wanted: Wanted;
  n: number;
  problems: Problem[];
  /** An expression for so many random rows. */
  vectors: (rows: string) => string;
  make: string;
  /** Are vectors added with ids of one's own? */
  ids: boolean;
  /** Does it only encode and decode? */
  codec: boolean;
  /** Lines that set the search parameters. */
  set: string[];
  answer: string;
};

function program({ wanted: { d, k = 10 }, n, problems, vectors, make, ids, codec, set, answer }: Plan): string {
  const steps: { step: Step; lines: string[] }[] = [
    { step: 'train', lines: ['index.train(xb)'] },
    { step: 'add', lines: [ids ? 'index.add_with_ids(xb, np.arange(n))  # or ids of your own' : 'index.add(xb)'] },
    { step: 'search', lines: [...set, `D, I = index.search(xq, k)  # ${answer}`] },
  ];
  const unusable = problems.filter(({ kind }) => kind === 'unusable');
  const stop = steps.findIndex(({ step }, i) => unusable.some((problem) => problem.step === step || (i === 0 && problem.step === 'use')));
  const run = stop < 0 ? steps : steps.slice(0, stop);
  const coded = codec && stop > 0 ? ['codes = index.sa_encode(xb)', 'decoded = index.sa_decode(codes)'] : [];
  return [
    'import faiss', 'import numpy as np', '',
    `d, n, k = ${d}, ${n}, ${k}`,
    'rng = np.random.default_rng(0)',
    `xb = ${vectors('n')}  # your vectors, one a row`,
    ...(stop < 0 ? [`xq = ${vectors('5')}  # your queries`] : []),
    '', make, ...run.flatMap(({ lines }) => lines), ...coded,
    ...unusable.map(({ message }) => `# ${message}`),
  ].join('\n');
}

/** As JSON writes it, which Python reads alike. */
const quoted = (s: string): string => JSON.stringify(s);

/** MinMax and the two-layer codec encode and decode, and that is all. A chain takes MinMax for trained and does not train it. */
const codes = (spec: Spec): boolean =>
  (spec.kind === 'MinMax' && whyNoCodes(spec.index) === null) || spec.kind === 'TwoLayer' || (spec.kind === 'PreTransform' && spec.index.kind === 'TwoLayer');

/** Parameters given, and the main one; those at their default need no line. */
function chosen<P extends Parameter>(parameters: readonly P[], main: P | undefined, { params = {} }: Wanted): { parameter: P; value: number }[] {
  return parameters.flatMap((parameter) => {
    const value = Math.min(parameter.max, Math.max(parameter.min, params[parameter.name] ?? parameter.default));
    return value === parameter.default && parameter !== main ? [] : [{ parameter, value }];
  });
}

function settings(spec: Spec, wanted: Wanted): string[] {
  const knobs = knobsOf(spec, wanted.d);
  const all = chosen(knobs, knobs.find(({ main, name }) => main && name !== 'ht'), wanted);
  const named = all.filter(({ parameter }) => parameter.attribute === undefined).map(({ parameter, value }) => `${parameter.name}=${value}`);
  return [
    ...(named.length > 0 ? [`faiss.ParameterSpace().set_index_parameters(index, ${quoted(named.join(','))})`] : []),
    ...all.flatMap(({ parameter, value }) => byAttribute(spec, parameter, value)),
  ];
}

/** What ParameterSpace has no name for is set where it is: down to the index at the parameter's node, one cast a step. */
function byAttribute(spec: Spec, { path, attribute }: Knob, value: number): string[] {
  if (attribute === undefined) return [];
  const members = path === '' ? [] : path.split('.').map((key) => (key === 'base' ? 'base_index' : key));
  const holder = members.reduce((index, member) => `faiss.downcast_index(${index}.${member})`, 'index');
  return [`${holder}.${attribute} = ${value}`];
}

function binarySettings(spec: BinarySpec, wanted: Wanted): string[] {
  const parameters = binaryParameters(spec);
  return chosen(parameters, parameters[0], wanted).map(({ parameter: { holder, attribute, name }, value }) => `${holder}.${attribute ?? name} = ${value}`);
}

const innermost = (spec: BinarySpec): BinarySpec => (spec.kind === 'BIDMap' ? innermost(spec.index) : spec);

function nlistOf(spec: BinarySpec): number {
  const inner = innermost(spec);
  return inner.kind === 'BIVF' ? inner.nlist : 0;
}
