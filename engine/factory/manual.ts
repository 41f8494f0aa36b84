import type { Metric, Spec } from './spec';
import type { Entry } from './production';
import type { Knob } from './knobs';
import { BINARY_ENTRIES, binaryCodeSize, binaryParameters, checkBinaryFactory, readBinaryFactory } from './binary';
import { blocksOf } from './blocks';
import { checkFactory } from './check';
import { ENTRIES, TRANSFORMS } from './grammar';
import { knobsOf } from './knobs';
import { readFactory } from './read';
import { trainMin } from './training';
import type { Problem } from './problems';

/** What the reference tells of a term beyond its row of the table. All of it is asked of the language: sizes of its blocks,
 *  parameters of its knobs, sentences of its checks. */
export type Manual = {
  entry: Entry;
  binary: boolean;
  examples: Example[];
  /** Search parameters that this term brings. */
  knobs: Knob[];
  /** What Faiss says to one metric and not to the other, in its own sentences; empty where it takes both. */
  metricNotes: { metric: Metric; message: string }[];
  traps: { text: string; problem: Problem }[];
};

export type Example = {
  /** As in the table. */
  text: string;
  /** A whole index around it. */
  index: string;
  /** Bytes that the term takes of it, by the role's reading of `Entry.size`, at d = `MANUAL_D`. */
  bytes: number;
  /** Vectors below which the index cannot be trained. */
  trainMin: number;
};

/** The dimension of every worked number. */
export const MANUAL_D = 128;

/** Every term, in the order of the table. */
export const manuals = (): Manual[] => [...ENTRIES.map(manualOf), ...BINARY_ENTRIES.map(binaryManual)];

function manualOf(entry: Entry): Manual {
  const metric = metricOfExample(entry);
  const examples = entry.examples.map((text): Example => {
    const index = wholeIndex(entry, text);
    const spec = specOf(index);
    return { text, index, bytes: bytesOf(entry, spec), trainMin: trainMin(spec, MANUAL_D, metric) };
  });
  return {
    entry, binary: false, examples, knobs: ownKnobs(entry, specOf(examples[0]?.index ?? '')),
    metricNotes: metricNotes(examples),
    traps: entry.traps.map((text) => ({ text, problem: worst(text, checkFactory(text, { d: MANUAL_D, metric })) })),
  };
}

function binaryManual(entry: Entry): Manual {
  const examples = entry.examples.map((text): Example => ({ text, index: text, bytes: binaryCodeSize(MANUAL_D), trainMin: 0 }));
  const traps = entry.traps.map((text) => ({ text, problem: worst(text, checkBinaryFactory(text, MANUAL_D)) }));
  const { spec } = readBinaryFactory(entry.examples[1]);
  const knobs = spec ? binaryParameters(spec).map((parameter, i) => ({ ...parameter, path: '', main: i === 0 })) : [];
  return { entry, binary: true, examples, knobs, metricNotes: [], traps };
}

/** Transforms need an index behind them; every other example is one. */
function wholeIndex({ name }: Entry, text: string): string {
  const transform = Object.values(TRANSFORMS).find((production) => production.name === name);
  return transform ? `${text},${transform.followed}` : text;
}

function specOf(index: string): Spec {
  const { spec, problems } = readFactory(index);
  if (!spec) throw new Error(`the example ${index} is not an index: ${problems[0]?.message}`);
  return spec;
}

/** A Panorama's name says its metric. */
const metricOfExample = ({ examples }: Entry): Metric => (examples[0].startsWith('FlatIP') ? 'IP' : 'L2');

/** Coarse quantizers number their cell, transforms and codes hand bytes on, everything else adds to what stands before it. */
function bytesOf(entry: Entry, spec: Spec): number {
  const block = blockIn(spec, entry), { role } = entry;
  if (!block) return 0;
  if (role === 'coarse') return block.idBytes;
  return role === 'transform' || role === 'code' ? block.bytesOut : block.bytesOut - block.bytesIn;
}

/** Parameters of the work of the term's own block. Inside another term's parentheses it has none. */
function ownKnobs(entry: Entry, spec: Spec): Knob[] {
  const block = blockIn(spec, entry);
  return knobsOf(spec, MANUAL_D).filter(({ path }) => path === block?.path);
}

const blockIn = (spec: Spec, { name }: Entry) => blocksOf(spec, MANUAL_D, 'L2').find((block) => block.name === name);

function metricNotes(examples: Example[]): Manual['metricNotes'] {
  const said = (metric: Metric) => new Set(examples.flatMap(({ index }) => checkFactory(index, { d: MANUAL_D, metric }).map((p) => p.message)));
  const [L2, IP] = [said('L2'), said('IP')];
  return [
    ...[...L2].filter((message) => !IP.has(message)).map((message) => ({ metric: 'L2' as const, message })),
    ...[...IP].filter((message) => !L2.has(message)).map((message) => ({ metric: 'IP' as const, message })),
  ];
}

function worst(text: string, problems: Problem[]): Problem {
  const problem = problems[0];
  if (!problem) throw new Error(`${text} stands among the traps, and nothing is wrong with it`);
  return problem;
}
