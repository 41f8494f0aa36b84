/** One string on both sides, in turn: the machine is the same for both from one moment to the next. Of several rounds the
 *  best counts; what else the machine does can only add. */
import { costOf, readFactory } from '../../engine/factory/index';
import type { Spec } from '../../engine/factory/spec';
import type { SearchParams } from '../../engine/types';
import { countedOf } from '../../engine/structures/size';
import type { Native, Time } from './native';
import type { Ours } from './ours';
import { buildOurs, dropOurs, keepOurs, recallOf, searchOurs } from './ours';
import { settingsOf, writeParams } from './strings';

export type Built = { train: Time; add: Time };

export type Side = { recall: number; alone: Time; together: Time };

export type Search = {
  params: SearchParams;
  /** One thread: each query in a call of its own, and all in one call; two threads: all in one call. */
  ours: Side & { two: Time };
  natives: (Side | null)[];
};

/** `bytes`: of the index file that Faiss writes. */
export type Row = { index: string; bytes: { ours: number; natives: (number | null)[] }; ours: { one: Built; two: Built }; natives: (Built | null)[]; searches: Search[] };

export type Sides = { one: Ours; two: Ours; natives: Native[] };

export type Effort = { rounds: number; trainings: number };

const least = (a: Time, b: Time): Time => ({ wall: Math.min(a.wall, b.wall), cpu: Math.min(a.cpu, b.cpu) });
const best = (times: Time[]) => times.reduce(least, { wall: Infinity, cpu: Infinity });

const K = 10;
const LONG_MS = 20_000; // training that takes this long on all sides is not repeated

/** A sentence where this engine cannot build the string. */
export async function compare(sides: Sides, string: string, { rounds, trainings }: Effort): Promise<Row | string> {
  const { spec, problems } = readFactory(string);
  if (!spec) return problems[0]?.message ?? 'not a factory string';
  try {
    return await compareBuilt(sides, string, spec, rounds, trainings);
  } catch (problem) {
    if (problem instanceof Error && problem.name === 'refused') return problem.message;
    throw problem;
  }
}

async function compareBuilt({ one, two, natives }: Sides, index: string, spec: Spec, rounds: number, trainings: number): Promise<Row> {
  const ones: Built[] = [], twos: Built[] = [], theirs = natives.map((): Built[] => []), sizes = natives.map((): number | null => null);
  let first = await buildOurs(one, spec), second = await buildOurs(two, spec);
  const started = performance.now();
  for (let t = 0; t < trainings && (t === 0 || performance.now() - started < LONG_MS); t++) {
    if (t) {
      await dropOurs(one, first.built);
      await dropOurs(two, second.built);
      first = await buildOurs(one, spec);
      second = await buildOurs(two, spec);
    }
    ones.push(first);
    twos.push(second);
    for (const [i, native] of natives.entries()) {
      const train = await native.ask('train', { index });
      if ('unknown' in train) continue;
      const added = await native.ask('add', {});
      if ('unknown' in added) continue;
      const { bytes, ...add } = added;
      theirs[i]?.push({ train, add });
      sizes[i] = bytes;
    }
  }
  const { totalBytes } = costOf(spec, one.set.d, one.set.n, one.set.metric, countedOf(first.built.index));
  await keepOurs(one, first.built);
  await keepOurs(two, second.built);
  const known = theirs.map((times) => times.length > 0), searches: Search[] = [];
  for (const params of settingsOf(spec)) searches.push(await compareSearch({ one, two, natives }, known, [first.built, second.built], params, rounds));
  await dropOurs(one, first.built);
  await dropOurs(two, second.built);
  return { index, bytes: { ours: totalBytes, natives: sizes }, ours: { one: bestBuilt(ones), two: bestBuilt(twos) }, natives: theirs.map((times) => (times.length ? bestBuilt(times) : null)), searches };
}

const bestBuilt = (times: Built[]): Built => ({ train: best(times.map(({ train }) => train)), add: best(times.map(({ add }) => add)) });

type Indexes = [Parameters<typeof searchOurs>[1], Parameters<typeof searchOurs>[1]];

async function compareSearch({ one, two, natives }: Sides, known: boolean[], [first, second]: Indexes, params: SearchParams, rounds: number): Promise<Search> {
  const ours: Side[] = [], twos: Time[] = [], theirs = natives.map((): Side[] => []);
  for (let r = 0; r <= rounds; r++) {
    const alone = await searchOurs(one, first, params, K, false), together = await searchOurs(one, first, params, K, true), both = await searchOurs(two, second, params, K, true);
    if (r === 0) continue; // the first pass warms the code up
    ours.push({ recall: alone.recall, alone: alone.time, together: together.time });
    twos.push(both.time);
    for (const [i, native] of natives.entries()) {
      if (!known[i]) continue;
      const { ids, ...times } = await native.ask('search', { params: writeParams(params), k: K });
      theirs[i]?.push({ recall: recallOf(one, ids, K), ...times });
    }
  }
  return { params, ours: { ...bestSide(ours), two: best(twos) }, natives: theirs.map((passes) => (passes.length ? bestSide(passes) : null)) };
}

const bestSide = (passes: Side[]): Side =>
  ({ recall: passes[0]?.recall ?? NaN, alone: best(passes.map(({ alone }) => alone)), together: best(passes.map(({ together }) => together)) });
