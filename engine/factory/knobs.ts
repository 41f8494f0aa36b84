import type { Spec } from './spec';
import type { Parameter } from './production';
import { codecOf, COARSE, structureOf } from './grammar';

/** A search parameter of an index, and the node of the tree whose work it sets. */
export type Knob = Parameter & {
  path: string;
  /** The one that trades recall for time first. */
  main: boolean;
};

/** Search parameters of an index, the main knob first. d is needed only for the length of a product code. */
export function knobsOf(spec: Spec, d = 0): Knob[] {
  // A refinement of a refinement has one k_factor_rf for each; by name only the outermost is set.
  const found = new Map(parametersOf(spec, d, '').toReversed().map((parameter) => [parameter.name, parameter]));
  const least = Math.min(...[...found.values()].map(({ rank }) => rank));
  const knobs = [...found.values()].reverse().map((parameter) => ({ ...parameter, main: parameter.rank === least && !isInner(parameter) }));
  return knobs.sort((a, b) => Number(b.main) - Number(a.main));
}

type Placed = Parameter & { path: string };

const PREFIX = 'quantizer_';
const isInner = ({ name }: Parameter) => name.startsWith(PREFIX);
const at = (path: string, key: string) => (path === '' ? key : `${path}.${key}`);
const placed = (parameters: readonly Parameter[] | undefined, path: string): Placed[] => (parameters ?? []).map((parameter) => ({ ...parameter, path }));

/** Outermost first, each part with its own. */
function parametersOf(spec: Spec, d: number, path: string): Placed[] {
  const own = placed(structureOf(spec)?.parameters, path);
  switch (spec.kind) {
    case 'Codes': return placed(codecOf(spec.codec).parameters?.(spec.codec, 'alone', d), at(path, 'codec'));
    case 'IVF': return [...cellParameters(spec, d, at(path, 'coarse')), ...placed(codecOf(spec.codec).parameters?.(spec.codec, 'fine', d), at(path, 'codec'))];
    case 'PreTransform': case 'IDMap': return parametersOf(spec.index, d, at(path, 'index'));
    case 'MinMax': return []; // it cannot search
    case 'Refine': case 'RefinePanorama': return [...own, ...parametersOf(spec.base, d, at(path, 'base'))];
    default: return own;
  }
}

/** Those of the index over the centroids hang on the block of the cells, which holds it. */
function cellParameters({ nlist, coarse }: Extract<Spec, { kind: 'IVF' }>, d: number, path: string): Placed[] {
  const production = COARSE[coarse.kind];
  const inner = coarse.kind === 'Index' ? parametersOf(coarse.index, d, path) : production.inner ?? [];
  return placed([...production.parameters(nlist, coarse), ...inner.flatMap(overCentroids)], path);
}

/** What ParameterSpace has no name for it cannot pass on. */
function overCentroids({ name, meaning, attribute, rank, ...parameter }: Parameter): Parameter[] {
  const said = meaning.startsWith(OVER) ? meaning : `${OVER} ${meaning}`;
  return attribute === undefined ? [{ ...parameter, name: `${PREFIX}${name}`, meaning: said, rank: rank + 10 }] : [];
}
const OVER = 'Over the centroids:';
