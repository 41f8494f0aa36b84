import type { CodecSpec, Spec } from './spec';
import { codecOf } from './grammar';

/** A parameter that may be changed after building, by Faiss's ParameterSpace name. */
export type Knob = {
  /** 'nprobe', 'efSearch', 'quantizer_efSearch', 'k_factor_rf' … */
  name: string;
  meaning: string;
  default: number;
  min: number;
  max: number;
  /** Values that ParameterSpace tries, powers of two mostly. */
  values: number[];
  /** The one that trades recall for time first. */
  main: boolean;
};

/** Powers of two in [from, to]. */
function powers(from: number, to: number): number[] {
  const values: number[] = [];
  for (let v = from; v <= to; v *= 2) values.push(v);
  return values;
}

/** Search parameters of an index, the main knob first. d is needed only for the length of a product code. */
export function knobsOf(spec: Spec, d = 0): Knob[] {
  // A refinement of a refinement has one k_factor_rf for each; by name only the outermost is set.
  const knobs = [...new Map(knobs0(spec, d).toReversed().map((k) => [k.name, k])).values()].reverse();
  const main = knobs.find((k) => k.name === 'nprobe') ?? knobs.find((k) => k.name === 'efSearch') ?? knobs.find((k) => k.name === 'k_factor_rf') ?? knobs[0];
  const marked = knobs.map((k) => ({ ...k, main: k === main }));
  return marked.sort((a, b) => Number(b.main) - Number(a.main));
}

type Plain = Omit<Knob, 'main'>;

function knobs0(spec: Spec, d: number): Plain[] {
  switch (spec.kind) {
    case 'Codes': return codecKnobs(spec.codec, d);
    case 'IVF': return [...cellKnobs(spec, d), ...codecKnobs(spec.codec, d)];
    case 'HNSW': return [efSearch];
    case 'PreTransform': case 'IDMap': case 'MinMax': return knobs0(spec.index, d);
    case 'Refine': case 'RefinePanorama': return [kFactor, ...knobs0(spec.base, d)];
    default: return [];
  }
}

const efSearch: Plain = {
  name: 'efSearch', meaning: 'How many candidates the walk keeps in view; the more, the surer and slower.',
  default: 16, min: 1, max: 4096, values: powers(4, 512),
};

const kFactor: Plain = {
  name: 'k_factor_rf', meaning: 'The base returns k·k_factor results, of which the refinement keeps the k best.',
  default: 1, min: 1, max: 1000, values: powers(1, 64),
};

function cellKnobs({ nlist, coarse }: Extract<Spec, { kind: 'IVF' }>, d: number): Plain[] {
  const nprobe: Plain = {
    name: 'nprobe', meaning: 'How many cells are visited.', default: 1, min: 1, max: Math.max(1, nlist),
    values: powers(1, 4096).filter((v) => v < nlist),
  };
  const maxCodes: Plain = {
    name: 'max_codes', meaning: 'Stop after this many codes; 0 is no bound.', default: 0, min: 0, max: 2 ** 31 - 1,
    values: powers(256, 524288),
  };
  const inner = coarse.kind === 'HNSW' ? [efSearch] : coarse.kind === 'Index' ? knobs0(coarse.index, d) : [];
  const quantizer = inner.map((k) => ({ ...k, name: `quantizer_${k.name}`, meaning: `Over the centroids: ${k.meaning}` }));
  return coarse.kind === 'IMI' ? [nprobe, maxCodes] : [nprobe, ...quantizer];
}

function codecKnobs(codec: CodecSpec, d: number): Plain[] {
  if (codec.kind === 'PQR') {
    return [{ name: 'k_factor', meaning: 'How many first-level results the second code re-ranks, per result.', default: 4, min: 1, max: 64, values: powers(1, 64) }];
  }
  if (codec.kind !== 'PQ' || codec.nbits !== 8 || !codec.polysemous) return [];
  const size = codecOf(codec).bytes(codec, d, 'L2');
  return [{
    name: 'ht', meaning: 'Skip codes that differ from the query’s in this many bits or more.', default: 8 * size, min: 0, max: 8 * size,
    values: [...(size % 4 === 0 ? Array.from({ length: 2 * size }, (_, i) => 2 * (i + 1)) : []), 8 * size],
  }];
}
