import { beforeAll, describe, expect, it } from 'vitest';
import { makeToy } from '../data/toys';
import { manuals, readFactory, type Spec } from '../factory';
import { buildIndex } from '../build';
import { unbuilt, whyUnbuilt } from '../buildable';
import { openArena, release, takeF32 } from '../memory';
import type { Engine } from '../pool';
import { testEngine } from './engine';

const n = 1200, d = 64;
let engine: Engine;
beforeAll(async () => { engine = await testEngine(1); });

/** Numbers of an example, made small enough that building takes no time; terms stay what they are. */
const small = (index: string) => index.replace(/IVF\d+k?(?=_NSG)/, 'IVF128').replace(/IVF\d+k?(?=_HNSW|,)/, 'IVF16').replace(/IVF256\(PQ16x4\)/, 'IVF64(PQ16x4)').replace('IMI2x8', 'IMI2x4')
  .replace(/(RQ|LSQ)\dx8/g, '$12x4').replace(/2x4x8/g, '2x2x4').replace(/(?<=[,+]|^)PQ(\d+)(?![x\d+])/g, 'PQ$1x4').replace('256+PQ16x4', '16+PQ16').replace('2x4+PQ16x4', '2x4+PQ16').replace('OPQ16_64', 'OPQ16_32').replace(/PCA64|RR64/, 'PCA32').replace('PCAWR32', 'PCAWR16').replace('ITQ64', 'ITQ32');

async function refusedByBuild(spec: Spec, metric: 'L2' | 'IP'): Promise<boolean> {
  const arena = openArena(engine.memory), x = takeF32(arena, n * d);
  x.set(makeToy('planes', n, 1).base);
  const rows = { x: x.byteOffset, n, d, kept: true };
  try {
    const built = await buildIndex(engine, spec, rows, rows, { metric, seed: 1 });
    release(built.arena);
    return false;
  } catch (problem) {
    if (problem instanceof Error && problem.message === whyUnbuilt(spec)) return true;
    throw problem;
  } finally {
    release(arena);
  }
}

describe('what is told to be buildable is built, and the rest refused', () => {
  const others = ['RCQ2x4', 'LSCQ2x4', 'IVF16(LSCQ2x2),Flat', 'MinMax,IVF16,SQ8', 'MinMax,PCA32,SQ8', 'PQ8x4,Refine(RCQ2x4)', 'MinMaxFP16,LSH', 'MinMax,Residual16,PQ8x4', 'IDMap,IVF16,FlatDedup', 'HNSW8,SQtqmse4', 'HNSW8,SQbf16', 'HNSW8,PQ8x6', 'NSG8,SQ6', 'NSG8,SQfp16', 'NSG8,PQ8x5', 'HNSW8,SQ8_direct_signed', 'NSG8,SQtqmse2'];
  const examples = manuals().filter((manual) => !manual.binary).flatMap((manual) => manual.examples.map(({ index }) => small(index)));
  it.each([...new Set([...examples, ...others])])('%s', async (index) => {
    const { spec, problems } = readFactory(index);
    if (!spec) throw new Error(`${index}: ${problems[0]?.message}`);
    expect(await refusedByBuild(spec, index.startsWith('FlatIP') ? 'IP' : 'L2')).toBe(unbuilt(spec) !== null);
  });
});
