import type { Loss } from '@/engine/measure/causes';
import { LostBars, type Ways } from '@/components/views/LostBars';
import type { RunView } from '@/components/views/runs';
import { TwinChart } from '@/components/views/stage/TwinChart';
import type { SweepPoint } from '@/workers/protocol';
import style from './gallery.module.css';

/** Charts of what a query set measured, from fixed figures. */

const none: Record<Loss, number> = { nprobe: 0, max_codes: 0, quantizer: 0, graph: 0, code: 0, refine: 0 };
const noWork = { ndis: 0, ndisCoarse: 0, ndisRefine: 0, lists: 0, codes: 0, hops: 0 };

/** A point whose recall is what the losses leave. */
function pointOf(value: number, own: Partial<Record<Loss, number>>): SweepPoint {
  const losses = { ...none, ...own }, { nprobe, max_codes, quantizer, graph, code, refine } = losses, coarse = nprobe + max_codes + quantizer;
  const recall = 1 - coarse - graph - code - refine;
  return {
    value, params: {}, recall: { 'k@k': recall, '1@1': recall, '1@100': recall }, usPerQuery: { mean: 10 * value, p50: 9 * value, p99: 30 * value },
    usPerStage: { transform: 0, coarse: 0, tables: 0, scan: 0, refine: 0 }, ndis: 0, counts: noWork, lost: { coarse, graph, code, refine }, losses, hits: 0, missed: { coarse: 0, graph: 0, code: 0, refine: 0 }, nq: 1000, qps: 1e5 / value,
  };
}

const way = (name: string) => ({ name, go: () => undefined });
const ways: Ways = { nprobe: way('nprobe'), max_codes: way('max_codes'), quantizer: way('quantizer_efSearch'), graph: way('efSearch'), code: way('RFlat'), refine: way('k_factor_rf') };
const runOf = (label: string, knob: string, points: SweepPoint[]): RunView => ({ id: 0, label, current: true, knob, k: 10, points, curve: null });

const byLists = runOf('IVF1024_HNSW32,PQ16,Refine(SQ8)', 'nprobe', [
  pointOf(1, { nprobe: 0.62, quantizer: 0.02, code: 0.02, refine: 0.05 }), pointOf(4, { nprobe: 0.38, quantizer: 0.06, code: 0.03, refine: 0.08 }),
  pointOf(16, { nprobe: 0.14, quantizer: 0.11, max_codes: 0.05, code: 0.04, refine: 0.11 }), pointOf(64, { nprobe: 0.02, quantizer: 0.13, max_codes: 0.13, code: 0.04, refine: 0.12 }),
]);
const byWalk = runOf('HNSW16,PQ16', 'efSearch', [pointOf(8, { graph: 0.4, code: 0.1 }), pointOf(32, { graph: 0.12, code: 0.2 }), pointOf(128, { graph: 0.01, code: 0.24 })]);

/** One key for each way to lose, in every shade and hatching; and before anything is measured. */
export function LostExample() {
  return (
    <div className={style.charts}>
      <LostBars run={byLists} at={16} ways={ways} height={180} />
      <LostBars run={byWalk} at={32} ways={ways} height={180} />
      <LostBars run={null} at={null} ways={ways} height={180} />
    </div>
  );
}

const here = { title: 'Uneven blobs', points: [pointOf(1, { nprobe: 0.2 }), pointOf(2, { nprobe: 0.05 }), pointOf(4, {})] };
const real = { title: 'Photo SIFT', d: 128, n: 5000, points: [pointOf(1, { nprobe: 0.7 }), pointOf(2, { nprobe: 0.55 }), pointOf(4, { nprobe: 0.3 })], wrong: null };
const walked = { knob: 'nprobe', values: [1, 2, 4], at: 2, k: 10, height: 160 };

/** A curve; one number where there is nothing to turn; on its way; refused. */
export function TwinExample() {
  return (
    <div className={style.charts}>
      <TwinChart here={here} twin={real} {...walked} />
      <TwinChart here={{ ...here, points: [pointOf(0, { code: 0.1 })] }} twin={{ ...real, points: [pointOf(0, { code: 0.6 })] }} {...walked} knob={null} values={[]} at={null} />
      <TwinChart here={here} twin={{ ...real, points: [] }} {...walked} />
      <TwinChart here={here} twin={{ ...real, points: [], wrong: 'PQ3 cuts 128 dimensions into 3 parts; 128 is not a multiple of 3.' }} {...walked} />
    </div>
  );
}
