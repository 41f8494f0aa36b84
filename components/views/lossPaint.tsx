import type { Loss } from '@/engine/measure/causes';

/** What is lost is missed: every stage wears a shade of that colour, told apart by lightness and by hatching. An index loses by lists or
 *  by a walk, never by both. */
const paints: Record<Loss, { fill: string; stroke: string; hatch?: 'dotted' | 'hatched' }> = {
  nprobe: { fill: 'var(--missed)', stroke: 'var(--missed)' },
  max_codes: { fill: '', hatch: 'dotted', stroke: 'var(--missed)' },
  quantizer: { fill: '', hatch: 'hatched', stroke: 'var(--missed)' },
  graph: { fill: 'var(--missed)', stroke: 'var(--missed)' },
  code: { fill: 'var(--missed-deep)', stroke: 'var(--missed-deep)' },
  refine: { fill: 'var(--missed-pale)', stroke: 'var(--missed)' },
};

/** `id` of the chart, whose hatchings are drawn in its own theme's colours. */
export function lossPaint(loss: Loss, id: string) {
  const { fill, stroke, hatch } = paints[loss];
  return { fill: hatch ? `url(#${id}-${hatch})` : fill, stroke, strokeWidth: 1 };
}

/** The hatchings, once a chart; the key draws with them too. */
export function LossPatterns({ id }: { id: string }) {
  const of = { patternUnits: 'userSpaceOnUse', width: 4, height: 4 } as const;
  return (
    <defs>
      <pattern id={`${id}-hatched`} {...of} patternTransform="rotate(45)"><rect width={4} height={4} fill="var(--bg)" /><rect width={1.75} height={4} fill="var(--missed)" /></pattern>
      <pattern id={`${id}-dotted`} {...of}><rect width={4} height={4} fill="var(--bg)" /><circle cx={2} cy={2} r={1.2} fill="var(--missed)" /></pattern>
    </defs>
  );
}
