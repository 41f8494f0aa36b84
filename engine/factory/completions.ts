import type { Metric } from './spec';
import { ENTRIES, CODECS_AT, CODECS } from './grammar';
import type { Place } from './production';
import { atEnd, cursor } from './reader';
import { parse } from './read';
import { checkSpec } from './check';
import { chainDims } from './cost';
import { nearestDivisors } from './numbers';
import { head, nearest } from './words';

/** Something that can legally follow: `text` replaces [from, position). */
export type Completion = { text: string; from: number; meaning: string; /** bytes of its code, null where it is none */ bytes: number | null };

/** What can stand at `position`, given what is before it. Every offer is tried on the reader and the checks, so none is refused. */
export function completionsAt(s: string, position: number, { d, metric }: { d: number; metric: Metric }): Completion[] {
  const before = s.slice(0, position);
  if (before.length > TYPED_CAP) return [];
  const from = Math.max(before.lastIndexOf(','), before.lastIndexOf('('), -1) + 1;
  const typed = before.slice(from).toLowerCase();
  const start = before.slice(0, from);
  const here = dimensionAfter(start, d);
  return offers(here)
    .filter((text) => text.toLowerCase().startsWith(typed))
    .filter((text) => stands(start + text, d, metric))
    .map((text) => ({ text, from, meaning: meaningOf(text), bytes: bytesOf(text, here, metric) }));
}
const TYPED_CAP = 300;

/** Dimensions after the transforms at the head of what is written. */
function dimensionAfter(start: string, d: number): number {
  const { spec } = parse(`${start.slice(start.lastIndexOf('(') + 1)}Flat`);
  return spec?.kind === 'PreTransform' ? chainDims(spec.chain, d).at(-1) ?? d : d;
}

/** Terms with the numbers one would choose for d dimensions. */
function offers(d: number): string[] {
  const near = (target: number) => d % target === 0 ? target : nearestDivisors(d, target).find((m) => m > 0) ?? 1;
  const Ms = [...new Set([d / 2, d / 4, d / 8, d / 16].map((t) => near(Math.max(1, Math.round(t)))))];
  const M = Ms[1] ?? 1;
  return [
    'IVF256', 'IVF1024', 'IVF4096', 'IVF1024_HNSW32', 'IVF65536_HNSW32', 'IMI2x8', 'IVF256(',
    'Flat', ...Ms.map((m) => `PQ${m}`), `PQ${M}x4fs`, `PQ${M}x4`, 'SQ8', 'SQ6', 'SQ4', 'SQfp16', 'SQbf16', 'SQ8_direct',
    'RaBitQ', 'RaBitQfs', 'EDEN4', 'RQ8x8', 'LSQ8x8', 'PRQ2x4x8', 'PLSQ2x4x8', 'RQ8x4fs_Nrq2x4', 'LSH', `LSH${2 * d}rt`, `ZnLattice${M}x10_6`,
    `PQ${M}+${M}`, 'FlatPanorama8', 'FlatDedup', `ITQ${Math.min(64, d)},SH`, 'FlatL2Panorama8', 'FlatIPPanorama8', 'SQtqmse4', 'SQtq4',
    'HNSW32', 'NSG32', `OPQ${M}`, `OPQ${M}_${M * Math.max(1, Math.floor(d / 2 / M))}`, `PCA${Math.ceil(d / 2)}`, `PCAR${Math.ceil(d / 2)}`, `PCAW${Math.ceil(d / 2)}`,
    'RR', 'HR', 'ITQ', 'L2norm', `Pad${2 ** Math.ceil(Math.log2(Math.max(2, d)))}`, `256+PQ${M}`, `Residual256`, 'RCQ2x4',
    'RFlat', 'Refine(SQ8)', 'Refine(', 'RefinePanorama(FlatL2Panorama8_1)', 'IDMap', 'IDMap2', 'MinMax', 'MinMaxFP16',
  ];
}

/** Is the text an index, or the beginning of one? */
function stands(text: string, d: number, metric: Metric): boolean {
  const depth = [...text].reduce((sum, ch) => sum + (ch === '(' ? 1 : ch === ')' ? -1 : 0), 0);
  const close = ')'.repeat(Math.max(0, depth));
  const endings = depth > 0
    ? [close, `${close},Flat`, `Flat${close}`, `Flat${close},Flat`, `,Flat${close}`, `,Flat${close},Flat`]
    : ['', ',Flat', ',PQ1', ',SQ8'];
  return endings.some((ending) => {
    const { spec, tokens } = parse(text + ending);
    return spec !== null && !checkSpec(spec, text + ending, tokens, { d, metric }).some((p) => p.kind === 'refused');
  });
}

function meaningOf(text: string): string {
  const word = nearest(text)?.word ?? head(text);
  const exact = ENTRIES.find((e) => e.name === word) ?? ENTRIES.find((e) => e.name === head(text)) ?? ENTRIES.find((e) => word.startsWith(e.name));
  if (text.includes('_HNSW')) return ENTRIES.find((e) => e.name === 'IVF_HNSW')?.meaning ?? '';
  return codecFor(text)?.meaning ?? exact?.meaning ?? '';
}

const PLACES: readonly Place[] = ['alone', 'fine', 'HNSW', 'NSG'];

function codecFor(text: string) {
  for (const place of PLACES) {
    for (const production of CODECS_AT[place]) {
      const c = cursor(text);
      const codec = production.read(c, place);
      if (codec && atEnd(c)) return { codec, meaning: production.meaning };
    }
  }
  return null;
}

function bytesOf(text: string, d: number, metric: Metric): number | null {
  const found = codecFor(text);
  return found ? CODECS[found.codec.kind].bytes(found.codec, d, metric) : null;
}
