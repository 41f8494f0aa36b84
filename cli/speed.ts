/** Kernel speeds on one thread: units of work per second over at least 300 ms after a warm-up, the best of five. */
import { compileKernels, instantiateKernels } from '../engine/kernels/index';
import type { Kernels } from '../engine/kernels/index';
import { openArena, openMemory, takeF32, takeI32, takeU8 } from '../engine/memory';
import { mulberry32 } from '../engine/random';

export type Speed = { kernel: string; unit: 'GFLOP/s' | 'Mcodes/s' | 'Mvalues/s'; value: number };

/** Prints one line a kernel. */
export async function speed(): Promise<number> {
  for (const { kernel, unit, value } of await kernelSpeeds()) console.log(`${kernel.padEnd(44)} ${value.toFixed(1).padStart(9)} ${unit}`);
  return 0;
}

const n = 16_384, d = 128, M = 32;

/** Each entry does a fixed amount of work; the amount, in millions of its unit, stands beside it. */
export async function kernelSpeeds(): Promise<Speed[]> {
  const memory = openMemory([128 * 2 ** 20], true), arena = openArena(memory), random = mulberry32(1);
  const { search: module } = await compileKernels(true), k = await instantiateKernels(module, memory.memory);
  const y = takeF32(arena, n * d).map(() => random() / 2 ** 32), x = y.byteOffset, panels = takeF32(arena, 256 * d), rows = takeF32(arena, n * d), add = takeF32(arena, 256).fill(0);
  const best = takeI32(arena, n), value = takeF32(arena, n + 8), codes = takeU8(arena, n * M).map(() => random() & 255), table = takeF32(arena, M * 256).map(() => random() / 2 ** 32);
  const dis = takeF32(arena, 100), ids = takeI32(arena, 100), step = takeF32(arena, d).fill(1);
  k.pack8(x, d, 256, d, panels.byteOffset);
  k.pack4(x, d, n, d, rows.byteOffset);
  const flops = (2 * n * 256 * d) / 1e9;
  return [
    time('nearest of 256 centroids, d = 128', 'GFLOP/s', flops, () => k.nearest(rows.byteOffset, n, panels.byteOffset, 256, d, -2, add.byteOffset, best.byteOffset, value.byteOffset)),
    time('nearest of 256 centroids, d = 4', 'GFLOP/s', flops / 32, () => k.nearest(rows.byteOffset, n, panels.byteOffset, 256, 4, -2, add.byteOffset, best.byteOffset, value.byteOffset)),
    time('squared L2, one against many, d = 128', 'GFLOP/s', (3 * n * d) / 1e9, () => k.l2ToMany(x, x, n, d, value.byteOffset)),
    time('inner product, one against many, d = 128', 'GFLOP/s', (2 * n * d) / 1e9, () => k.ipToMany(x, x, n, d, value.byteOffset)),
    time('PQ32 table scan, 8 bits', 'Mcodes/s', n / 1e6, () => k.scan8(table.byteOffset, M, codes.byteOffset, n, 0, value.byteOffset)),
    time('PQ32x4 table scan, pairs', 'Mcodes/s', n / 1e6, () => k.scan8(table.byteOffset, M / 2, codes.byteOffset, n, 0, value.byteOffset)),
    time('PQ32x4fs sums, blocks of 32', 'Mcodes/s', n / 1e6, () => k.blockSums(table.byteOffset, M, codes.byteOffset, n, rows.byteOffset)),
    time('SQ8 scan, d = 128', 'Mcodes/s', n / 4e6, () => k.sqScanL2(0, x, step.byteOffset, codes.byteOffset, d, n / 4, d, 0, value.byteOffset)),
    time('100 nearest of a stream', 'Mvalues/s', n / 1e6, () => topHundred(k, value, dis, ids)),
  ];
}

function topHundred(k: Kernels, values: Float32Array, dis: Float32Array, ids: Int32Array): void {
  k.heapClear(dis.byteOffset, ids.byteOffset, 100);
  k.heapPush(values.byteOffset, n, 0, 0, dis.byteOffset, ids.byteOffset, 100);
}

function time(kernel: string, unit: Speed['unit'], work: number, run: () => void): Speed {
  const seconds = (repeat: number) => {
    const started = performance.now();
    for (let i = 0; i < repeat; i++) run();
    return (performance.now() - started) / 1000;
  };
  let repeat = 1;
  while (seconds(repeat) < 0.06) repeat *= 2;
  const best = Math.min(...Array.from({ length: 5 }, () => seconds(repeat)));
  // GFLOP/s counts billions, the others millions; `work` is in the same.
  return { kernel, unit, value: (work * repeat) / best };
}
