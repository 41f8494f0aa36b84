import { useMemo, useState } from 'react';
import { choose } from '@/state/actions';
import { blockTools, knobsByBlock } from '@/state/blocks';
import { blocksFor, totalsFor } from '@/state/factory';
import { dataSetOf } from '@/state/fit';
import { isParameter } from '@/state/setting';
import { Blocks } from '../views/Blocks';
import type { StackActions } from '../views/Blocks';
import { explorer, useExplorer } from './explorer';

/** The string as blocks: editing one edits the other. While a term is half typed, the last stack that could be read. */
export function BlockStack({ onWrite }: { onWrite: (index: string) => void }) {
  const setting = useExplorer((state) => state.setting);
  const engine = useExplorer((state) => state.engine);
  const { index, data, metric, n } = setting;
  const tools = useMemo(() => blockTools(setting, engine), [setting, engine]);
  const totals = useMemo(() => totalsFor({ index, data, metric, n }), [index, data, metric, n]);
  const now = useMemo(() => blocksFor({ index, data, metric, n }), [index, data, metric, n]);
  const [readable, setReadable] = useState(now);
  if (now.length > 0 && now !== readable) setReadable(now);
  const shown = now.length > 0 ? now : readable;
  const knobs = useMemo(() => knobsByBlock(index, now), [index, now]);
  const blocks = shown.map((block) => ({
    ...block,
    knobs: (knobs.get(block.path) ?? []).map(({ name, meaning, min, max, values }) => ({ name, meaning, min, max, stops: min === 0 ? [0, ...values] : values, value: Math.min(setting[name], max) })),
  }));
  const actions: StackActions | null = tools && {
    at: (path) => ({
      fields: () => tools.fields(path),
      set: (key, value) => { const next = tools.set(path, key, value); if (next !== null) onWrite(next); },
      instead: () => tools.instead(path), without: () => tools.without(path), moved: (by) => tools.moved(path, by),
    }),
    inserts: tools.inserts, opens: tools.opens,
  };
  const turn = (name: string, value: number) => { if (isParameter(name)) explorer.change((s) => choose(s, name, value)); };
  return <Blocks bytesIn={4 * dataSetOf(setting).d} blocks={blocks} dimmed={now.length === 0} totals={totals} actions={actions} onWrite={onWrite} onKnob={turn} />;
}
