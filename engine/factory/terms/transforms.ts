import { count, countAfter, eat } from '../reader';
import type { TransformOf, TransformSpec } from '../spec';
import type { TransformProduction } from '../production';
import { cannot, type Finding } from '../problems';
import { FOURCC } from '../layout';
import { divisors, nearestDivisors, upTo, widths } from '../numbers';
import { FAISS } from '../papers';
import { someParts } from './codes';

/** Vector transforms, the heads of a chain. Each changes a vector of d numbers into one of dOut. */

/** Bytes of a plain linear transform in a file: have_bias, A (dOut, d), b, and the d_in, d_out, trained trailer. */
const linearBytes = (d: number, dOut: number, bias: boolean) => 1 + 8 + 4 * d * dOut + 8 + (bias ? 4 * dOut : 0) + TRAILER;
const TRAILER = 9;

const tooMany = (k: number, d: number): Finding[] =>
  k > d ? [cannot('train', `it cannot take ${k} principal directions of ${d} dimensions`)]
    : k === 0 ? [cannot('use', 'it leaves no dimension')] : [];

// PCA → "PCA" ["W"] ["R"] dOut          PCA64 · PCAWR32
const PCA: TransformProduction<TransformOf<'PCA'>> = {
  name: 'PCA', role: 'transform', syntax: '"PCA" ["W"] ["R"] d_out', examples: ['PCA64', 'PCAWR32'],
  meaning: 'Projects on the leading principal directions; W whitens, R rotates afterwards.',
  followed: 'IVF256,Flat',
  limits: 'd_out is at most the number of dimensions.',
  parts: {
    W: 'divide every output by the root of its variance',
    R: 'rotate at random afterwards, so that no output carries more than another',
    d_out: 'directions kept',
  },
  words: { PCA: 'PCA64', PCAW: 'PCAW64', PCAR: 'PCAR64', PCAWR: 'PCAWR64' },
  offers: (d) => ['PCA', 'PCAR', 'PCAW'].map((word) => `${word}${Math.ceil(d / 2)}`),
  choices: { dOut: widths, whiten: () => [false, true], rotate: () => [false, true] },
  builds: 'PCAMatrix',
  size: '4·d_out',
  training: 'Covariance of up to 1 000 vectors per dimension, mean removed.',
  traps: ['PCA256,Flat', 'PCARW64,Flat'],
  paper: 'Pearson, On lines and planes of closest fit, 1901',
  read(c) {
    if (!eat(c, 'PCA')) return null;
    const whiten = eat(c, 'W');
    const rotate = eat(c, 'R');
    const dOut = count(c);
    return dOut === null ? null : { kind: 'PCA', dOut, whiten, rotate };
  },
  write: ({ dOut, whiten, rotate }) => `PCA${whiten ? 'W' : ''}${rotate ? 'R' : ''}${dOut}`,
  dOut: ({ dOut }) => dOut,
  check: ({ dOut }, d) => tooMany(dOut, d),
  trainMin: ({ dOut }) => dOut,
  reversible: ({ whiten }) => !whiten,
  rotates: ({ rotate }) => rotate,
  // Pcam: eigen_power, epsilon, random_rotation, balanced_bins, mean (d), eigenvalues (d), PCAMat (d, d), then the linear part.
  fileBytes: ({ dOut }, d) => FOURCC + 4 + 4 + 1 + 4 + (8 + 4 * d) + (8 + 4 * d) + (8 + 4 * d * d) + linearBytes(d, dOut, true),
};

// OPQ → "OPQ" M [ "_" dOut ]            OPQ16 · OPQ16_64
const OPQ: TransformProduction<TransformOf<'OPQ'>> = {
  name: 'OPQ', role: 'transform', syntax: '"OPQ" M ["_" d_out]', examples: ['OPQ16', 'OPQ16_64'],
  meaning: 'Learns the rotation that makes a product quantizer of M parts lose least.',
  followed: 'IVF256,PQ16',
  limits: 'M divides d_out; training takes at least 256 vectors.',
  parts: { M: 'parts of the product code that follows', d_out: 'dimensions after it; d when left out' },
  words: { OPQ: 'OPQ16' },
  offers: (d) => [`OPQ${someParts(d)}`, `OPQ${someParts(d)}_${someParts(d) * Math.max(1, Math.floor(d / 2 / someParts(d)))}`],
  choices: { M: divisors, dOut: (d) => [undefined, ...widths(d)] },
  builds: 'OPQMatrix',
  size: '4·d_out',
  training: 'Up to 65 536 vectors: 50 rounds of coding with 8 bits per part and turning towards what was decoded.',
  traps: ['OPQ48,PQ16'],
  paper: 'Ge, He, Ke & Sun, Optimized product quantization, PAMI 2014',
  read(c) {
    if (!eat(c, 'OPQ')) return null;
    const M = count(c);
    const dOut = countAfter(c, '_');
    if (M === null || dOut === null) return null;
    return dOut === undefined ? { kind: 'OPQ', M } : { kind: 'OPQ', M, dOut };
  },
  write: ({ M, dOut }) => `OPQ${M}${dOut === undefined ? '' : `_${dOut}`}`,
  dOut: ({ dOut }, d) => dOut ?? d,
  check({ M, dOut }, d) {
    const out = dOut ?? d;
    if (M === 0) return [cannot('train', 'OPQ0 has no parts')];
    if (out === 0) return [cannot('use', 'it leaves no dimension')];
    if (out % M === 0) return [];
    const better = nearestDivisors(out, M)[0] ?? 1;
    return [cannot('train', `OPQ${M} cuts ${out} dimensions into ${M} parts, and ${out} is not a multiple of ${M}`, `OPQ${better}${dOut === undefined ? '' : `_${dOut}`}`)];
  },
  trainMin: () => 256,
  reversible: () => true,
  rotates: () => true,
  fileBytes: ({ dOut }, d) => FOURCC + linearBytes(d, dOut ?? d, false),
};

// RR → "RR" [ dOut ]                    RR · RR64
const RR: TransformProduction<TransformOf<'RR'>> = {
  name: 'RR', role: 'transform', syntax: '"RR" [d_out]', examples: ['RR', 'RR64'],
  meaning: 'Rotates by a fixed random matrix.',
  followed: 'SQ4',
  limits: 'Any d_out; distances are kept where d_out is at least d.',
  parts: { d_out: 'dimensions after it; d when left out' },
  words: { RR: 'RR' },
  offers: () => ['RR'],
  choices: { dOut: (d) => [undefined, ...widths(d)] },
  builds: 'RandomRotationMatrix',
  size: '4·d_out',
  training: 'None from the data: the matrix follows from a seed, yet Faiss wants train() called.',
  traps: [],
  paper: FAISS,
  read(c) {
    if (!eat(c, 'RR')) return null;
    const dOut = count(c);
    return dOut === null ? { kind: 'RR' } : { kind: 'RR', dOut };
  },
  write: ({ dOut }) => `RR${dOut ?? ''}`,
  dOut: ({ dOut }, d) => dOut ?? d,
  check: ({ dOut }) => dOut === 0 ? [cannot('use', 'it leaves no dimension')] : [],
  trainMin: () => 0,
  reversible: () => true,
  rotates: () => true,
  fileBytes: ({ dOut }, d) => FOURCC + linearBytes(d, dOut ?? d, false),
};

// HR → "HR" [ seed ]                    HR · HR42
const HR: TransformProduction<TransformOf<'HR'>> = {
  name: 'HR', role: 'transform', syntax: '"HR" [seed]', examples: ['HR', 'HR42'],
  meaning: 'Rotates by random signs and Walsh–Hadamard rounds; pads to a power of two.',
  followed: 'SQ4',
  limits: 'The number is a seed, not a dimension.',
  parts: { seed: 'seed of the signs; 12345 when left out' },
  words: { HR: 'HR' },
  offers: () => ['HR'],
  choices: { seed: () => [undefined, ...upTo(9)] },
  builds: 'HadamardRotation',
  size: '4·d_out, the smallest power of two that holds d',
  training: 'None: it is ready at birth.',
  traps: ['HR'],
  paper: 'Ailon & Chazelle, The fast Johnson–Lindenstrauss transform, SIAM J. Comput. 2009',
  read(c) {
    if (!eat(c, 'HR')) return null;
    const seed = count(c);
    return seed === null ? { kind: 'HR' } : { kind: 'HR', seed };
  },
  write: ({ seed }) => `HR${seed ?? ''}`,
  dOut(_, d) {
    let out = 1;
    while (out < d) out *= 2;
    return out;
  },
  check: () => [],
  trainMin: () => 0,
  reversible: () => true,
  rotates: () => true,
  fileBytes: () => FOURCC + 4 + TRAILER,
};

// ITQ → "ITQ" [ dOut ]                  ITQ · ITQ64
const ITQ: TransformProduction<TransformOf<'ITQ'>> = {
  name: 'ITQ', role: 'transform', syntax: '"ITQ" [d_out]', examples: ['ITQ', 'ITQ64'],
  meaning: 'Centres, normalises and learns the rotation whose signs lose least; meant for LSH.',
  followed: 'LSH',
  limits: 'd_out is at most the number of dimensions.',
  parts: { d_out: 'directions kept by a PCA in front; without it no PCA' },
  words: { ITQ: 'ITQ' },
  offers: () => ['ITQ'],
  choices: { dOut: (d) => [undefined, ...widths(d)] },
  builds: 'ITQTransform',
  size: '4·d_out',
  training: '50 rounds of taking signs and turning towards them.',
  traps: ['ITQ256,LSH'],
  paper: 'Gong & Lazebnik, Iterative quantization, CVPR 2011',
  read(c) {
    if (!eat(c, 'ITQ')) return null;
    const dOut = count(c);
    return dOut === null ? { kind: 'ITQ' } : { kind: 'ITQ', dOut };
  },
  write: ({ dOut }) => `ITQ${dOut ?? ''}`,
  dOut: ({ dOut }, d) => dOut ?? d,
  check: ({ dOut }, d) => dOut === undefined ? [] : tooMany(dOut, d),
  trainMin: ({ dOut }) => dOut ?? 1,
  reversible: () => false,
  rotates: () => true,
  // Viqt: mean (d), do_pca, Viqm (max_iter, seed, linear dOut × dOut), LTra (the whole chain as one matrix).
  fileBytes({ dOut }, d) {
    const out = dOut ?? d;
    return FOURCC + (8 + 4 * d) + 1 + (FOURCC + 8 + linearBytes(out, out, false)) + (FOURCC + linearBytes(d, out, false)) + TRAILER;
  },
};

// L2norm → "L2norm" | "L2Norm"          L2norm · L2Norm
const L2norm: TransformProduction<TransformOf<'L2norm'>> = {
  name: 'L2norm', role: 'transform', syntax: '"L2norm" | "L2Norm"', examples: ['L2norm', 'L2Norm'],
  meaning: 'Divides every vector by its length, so that L2 and cosine agree.',
  followed: 'Flat',
  limits: 'A zero vector stays zero.',
  parts: {},
  words: { L2norm: 'L2norm' },
  offers: () => ['L2norm'],
  choices: {},
  builds: 'NormalizationTransform',
  size: '4·d',
  training: 'None.',
  traps: ['L2norm'],
  paper: FAISS,
  read: (c) => eat(c, 'L2norm') || eat(c, 'L2Norm') ? { kind: 'L2norm' } : null,
  write: () => 'L2norm',
  dOut: (_, d) => d,
  check: () => [],
  trainMin: () => 0,
  reversible: () => true,
  rotates: () => false,
  fileBytes: () => FOURCC + 4 + TRAILER,
};

// Pad → "Pad" dOut                      Pad128 · Pad256
const Pad: TransformProduction<TransformOf<'Pad'>> = {
  name: 'Pad', role: 'transform', syntax: '"Pad" d_out', examples: ['Pad128', 'Pad256'],
  meaning: 'Appends zeros, so that the next term can cut evenly.',
  followed: 'PQ16',
  limits: 'A d_out below d changes nothing.',
  parts: { d_out: 'dimensions after it' },
  words: { Pad: 'Pad128' },
  offers: (d) => [`Pad${2 ** Math.ceil(Math.log2(Math.max(2, d)))}`],
  choices: { dOut: widths },
  builds: 'RemapDimensionsTransform',
  size: '4·d_out',
  training: 'None.',
  traps: ['Pad'],
  paper: FAISS,
  read(c) {
    if (!eat(c, 'Pad')) return null;
    const dOut = count(c);
    return dOut === null ? null : { kind: 'Pad', dOut };
  },
  write: ({ dOut }) => `Pad${dOut}`,
  dOut: ({ dOut }, d) => Math.max(dOut, d),
  check: () => [],
  trainMin: () => 0,
  reversible: () => true,
  rotates: () => false,
  fileBytes: ({ dOut }, d) => FOURCC + 8 + 4 * Math.max(dOut, d) + TRAILER,
};

export const TRANSFORMS: { [K in TransformSpec['kind']]: TransformProduction } = { PCA, OPQ, RR, HR, ITQ, L2norm, Pad };
