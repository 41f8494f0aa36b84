import { insteadOf, moved, offersAt, opensAt, without } from '../engine/factory/arrange';
import type { Offer } from '../engine/factory/arrange';
import { fieldsOf, setField } from '../engine/factory/edit';
import type { Field, Value } from '../engine/factory/edit';
import { blocksOf, knobsOf, readFactory, writeFactory } from '../engine/factory/index';
import type { Knob, Spec } from '../engine/factory/index';
import type { EngineInfo } from '../workers/protocol';
import { dataSetOf } from './fit';
import { isParameter } from './setting';
import type { Parameter, Setting } from './setting';

/** What can be done to the stack of a setting's string, block by block. Every answer is a string that stands for a legal
 *  stack on these vectors; answers are computed when they are asked for. */
export type BlockTools = {
  fields: (path: string) => Field[];
  set: (path: string, key: string, value: Value) => string | null;
  /** Terms for gap `gap` of the string; `opens` says without listing them whether there are any. */
  inserts: (gap: number) => StringOffer[];
  opens: (gap: number) => boolean;
  instead: (path: string) => StringOffer[];
  without: (path: string) => string | null;
  moved: (path: string, by: -1 | 1) => string | null;
};
export type StringOffer = Omit<Offer, 'spec'> & { index: string };

export function blockTools(setting: Setting, engine: EngineInfo | null): BlockTools | null {
  const { spec } = readFactory(setting.index);
  if (!spec) return null;
  const { d } = dataSetOf(setting);
  const fit = { d, metric: setting.metric, n: setting.n, ...(engine ? { memoryBytes: engine.memoryBytes } : {}) };
  const written = (tree: Spec | null) => tree && writeFactory(tree);
  const asStrings = (offers: Offer[]) => offers.map(({ spec: tree, ...offer }): StringOffer => ({ ...offer, index: writeFactory(tree) }));
  return {
    fields(path) {
      const block = blocksOf(spec, d, setting.metric).find((one) => one.path === path);
      return block ? fieldsOf(spec, block, fit) : [];
    },
    set: (path, key, value) => written(setField(spec, path, key, value)),
    inserts: (gap) => asStrings(offersAt(spec, gap, fit)),
    opens: (gap) => opensAt(spec, gap, fit),
    instead: (path) => asStrings(insteadOf(spec, path, fit)),
    without: (path) => written(without(spec, path, fit)),
    moved: (path, by) => written(moved(spec, path, by, fit)),
  };
}

export type SupportedKnob = Knob & { name: Parameter };

/** Search parameters by the block whose work they set. */
export function knobsByBlock(index: string, blocks: readonly { path: string }[]): Map<string, SupportedKnob[]> {
  const { spec } = readFactory(index);
  const homes = new Map<string, SupportedKnob[]>();
  for (const knob of spec ? knobsOf(spec) : []) {
    const { name, path } = knob;
    if (blocks.some((block) => block.path === path) && isParameter(name)) homes.set(path, [...(homes.get(path) ?? []), { ...knob, name }]);
  }
  return homes;
}
