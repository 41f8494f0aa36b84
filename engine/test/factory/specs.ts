import fc from 'fast-check';
import { NORMS, SQ_TYPES, type CodecSpec, type CoarseSpec, type Spec, type TransformSpec } from '../../factory/spec';

/** Trees that a factory string can say, for property tests. Suffixes and prefixes bind in a fixed order, so a chain never
 *  holds a refinement, MinMax no parentheses, and Refine( ) no second Refine( ). */

const small = fc.integer({ min: 0, max: 300 });
const bits = fc.integer({ min: 0, max: 30 });
const bbs = fc.constantFrom(0, 32, 64, 96, 31, 256);
const norm = fc.constantFrom(null, ...NORMS);
const maybe = <T>(name: string, value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined }).map((v) => (v === undefined ? {} : { [name]: v }));
const books = (most: number) => fc.array(fc.record({ M: small, nbits: bits }), { minLength: 1, maxLength: most });

export const transform: fc.Arbitrary<TransformSpec> = fc.oneof(
  fc.record({ kind: fc.constant('PCA' as const), dOut: small, whiten: fc.boolean(), rotate: fc.boolean() }),
  fc.tuple(small, maybe('dOut', small)).map(([M, rest]) => ({ kind: 'OPQ' as const, M, ...rest })),
  maybe('dOut', small).map((rest) => ({ kind: 'RR' as const, ...rest })),
  maybe('seed', small).map((rest) => ({ kind: 'HR' as const, ...rest })),
  maybe('dOut', small).map((rest) => ({ kind: 'ITQ' as const, ...rest })),
  fc.constant({ kind: 'L2norm' as const }),
  fc.record({ kind: fc.constant('Pad' as const), dOut: small }),
);

const pq = fc.record({ kind: fc.constant('PQ' as const), M: small, nbits: bits, polysemous: fc.boolean() });
const sq = fc.record({ kind: fc.constant('SQ' as const), qtype: fc.constantFrom(...SQ_TYPES) });
const panorama = (batch: fc.Arbitrary<number>) => fc.record({ kind: fc.constant('FlatPanorama' as const), levels: small, batch });

/** Codes that stand alone and after IVF; r only after IVF. */
const shared = (residual: fc.Arbitrary<boolean>, lsqBooks: number): fc.Arbitrary<CodecSpec> => fc.oneof(
  pq, sq,
  fc.record({ kind: fc.constant('PQfs' as const), M: small, residual, bbs }),
  fc.record({ kind: fc.constant('RQ' as const), books: books(3), norm }),
  fc.record({ kind: fc.constant('LSQ' as const), books: books(lsqBooks), norm }),
  fc.record({ kind: fc.constantFrom('PRQ' as const, 'PLSQ' as const), splits: small, M: small, nbits: bits, norm }),
  fc.record({ kind: fc.constant('AQfs' as const), family: fc.constantFrom('RQ' as const, 'LSQ' as const), splits: fc.constant(1), M: small, residual, bbs, norm }),
  fc.record({ kind: fc.constant('AQfs' as const), family: fc.constantFrom('PRQ' as const, 'PLSQ' as const), splits: small, M: small, residual, bbs, norm }),
  fc.record({ kind: fc.constant('RaBitQ' as const), nbits: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ kind: fc.constant('RaBitQfs' as const), nbits: fc.integer({ min: 1, max: 9 }), bbs }),
  fc.record({ kind: fc.constant('EDEN' as const), nbits: fc.integer({ min: 1, max: 8 }), biased: fc.boolean() }),
);

const fine: fc.Arbitrary<CodecSpec> = fc.oneof(
  { weight: 6, arbitrary: shared(fc.boolean(), 3) },
  fc.constant({ kind: 'Flat' as const }),
  fc.constant({ kind: 'FlatDedup' as const }),
  panorama(fc.constantFrom(0, 1, 128, 1024)),
  fc.record({ kind: fc.constant('PQR' as const), M: small, M2: small }),
  fc.tuple(fc.constantFrom('ITQ' as const, 'PCA' as const, 'PCAR' as const), maybe('nbits', small), maybe('period', fc.float({ noNaN: true, noDefaultInfinity: true }).map((v) => (Math.abs(v) < 2 ** -126 ? 0 : v))), maybe('threshold', fc.constantFrom('g', 'c', 'm')))
    .map(([name, nbits, period, threshold]) => ({ kind: 'SH' as const, transform: name, ...nbits, ...period, ...threshold })),
);

const alone: fc.Arbitrary<CodecSpec> = fc.oneof(
  { weight: 6, arbitrary: shared(fc.constant(false), 1) },
  fc.tuple(maybe('nbits', small), fc.boolean(), fc.boolean()).map(([nbits, rotate, train]) => ({ kind: 'LSH' as const, rotate, train, ...nbits })),
  fc.record({ kind: fc.constant('ZnLattice' as const), M: small, r2: fc.integer({ min: 0, max: 100 }), nbits: small }),
);

const storage: fc.Arbitrary<CodecSpec> = fc.oneof(fc.constant({ kind: 'Flat' as const }), pq, sq);
const twoLevel: fc.Arbitrary<CodecSpec> = fc.tuple(
  fc.oneof(fc.record({ kind: fc.constant('Flat' as const), nlist: small }), fc.record({ kind: fc.constant('IMI' as const), nbits: bits })), maybe('M', small),
).map(([coarse, M]) => ({ kind: 'TwoLevel' as const, coarse, ...M }));

/** An index without parentheses, wrapper or refinement. */
const bare: fc.Arbitrary<Spec> = fc.oneof(
  fc.constant({ kind: 'Flat' as const }),
  fc.record({ kind: fc.constant('Panorama' as const), metric: fc.constantFrom('L2' as const, 'IP' as const), levels: small, batch: fc.constantFrom(1, 1024, 64) }),
  fc.record({ kind: fc.constant('Codes' as const), codec: alone }),
  fc.record({ kind: fc.constant('RCQ' as const), books: books(3) }),
  fc.record({ kind: fc.constant('LSCQ' as const), books: books(1) }),
  fc.record({ kind: fc.constant('HNSW' as const), M: small, storage: fc.oneof(storage, twoLevel, panorama(fc.constant(1024))) }),
  fc.record({ kind: fc.constant('NSG' as const), R: small, storage }),
  fc.record({
    kind: fc.constant('TwoLayer' as const), M: small, nbits: bits,
    coarse: fc.oneof(fc.record({ kind: fc.constant('Flat' as const), nlist: small }), fc.record({ kind: fc.constant('IMI' as const), M: small, nbits: bits })),
  }),
  cells(fc.oneof(
    fc.constant<CoarseSpec>({ kind: 'Flat' }), fc.record({ kind: fc.constant('HNSW' as const), M: small }), fc.record({ kind: fc.constant('NSG' as const), R: small }),
    fc.record({ kind: fc.constant('IMI' as const), nbits: fc.integer({ min: 0, max: 24 }) }),
  )),
);

function cells(coarse: fc.Arbitrary<CoarseSpec>): fc.Arbitrary<Spec> {
  return fc.tuple(fc.integer({ min: 0, max: 2 ** 31 - 1 }), coarse, fine)
    .map(([nlist, quantizer, codec]) => ({ kind: 'IVF', nlist: quantizer.kind === 'IMI' ? 4 ** quantizer.nbits : nlist, coarse: quantizer, codec }));
}

const minMax = (index: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> => fc.record({ kind: fc.constant('MinMax' as const), half: fc.boolean(), index });
const mapped = (index: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> => fc.record({ kind: fc.constant('IDMap' as const), version: fc.constantFrom(1 as const, 2 as const), index });
const chained = (index: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> => fc.record({ kind: fc.constant('PreTransform' as const), chain: fc.array(transform, { minLength: 1, maxLength: 3 }), index });

const refined = (base: fc.Arbitrary<Spec>, refine: fc.Arbitrary<Spec>): fc.Arbitrary<Spec> => fc.oneof(
  base.map((b): Spec => ({ kind: 'Refine', base: b, refine: { kind: 'Flat' }, exact: true })),
  fc.record({ kind: fc.constant('Refine' as const), base, refine, exact: fc.constant(false) }),
  fc.record({ kind: fc.constant('RefinePanorama' as const), base, refine }),
);

const tail = fc.oneof(bare, minMax(bare), mapped(bare));
const plain = fc.oneof(bare, chained(tail), minMax(fc.oneof(bare, chained(bare))));
/** What may stand inside Refine( ): no second Refine( ) of any kind. */
const inside = fc.oneof(plain, mapped(plain), plain.map((base): Spec => ({ kind: 'Refine', base, refine: { kind: 'Flat' }, exact: true })));
const nested = cells(fc.record({ kind: fc.constant('Index' as const), index: fc.oneof(plain, inside) }));
const core = fc.oneof({ weight: 3, arbitrary: plain }, nested, chained(nested));

export const spec: fc.Arbitrary<Spec> = fc.oneof(
  { weight: 4, arbitrary: core }, mapped(core), refined(core, inside), mapped(refined(core, inside)), mapped(mapped(core)),
  refined(mapped(core), inside), refined(core.map((base): Spec => ({ kind: 'Refine', base, refine: { kind: 'Flat' }, exact: true })), inside),
);
