import { catalogue } from '../data/catalogue';
import { generate } from '../data/generate';
import type { GeneratedName } from '../data/generate';
import type { OpenSet } from '../data/open';
import { openSet } from '../data/open';
import { sourceOfGenerated } from '../data/source';
import { buildIndex } from '../build';
import type { Built } from '../build';
import { readFactory } from '../factory/index';
import type { Metric } from '../factory/spec';
import { anatomyOf, invertLists } from '../measure/recall';
import { measure } from '../measure/sweep';
import type { Measured } from '../measure/sweep';
import type { Engine } from '../pool';
import { publish } from '../pool';
import type { OpqSettingName } from '../transforms/opq';
import type { SearchParams } from '../types';

/** A generated set opened in an engine. */
export async function openGenerated(engine: Engine, name: GeneratedName, n: number, metric: Metric = 'L2'): Promise<OpenSet> {
  const set = catalogue.find((s) => s.name === name);
  if (!set) throw new Error(`no data set named ${name}`);
  return openSet(engine, sourceOfGenerated({ ...set, name }, n, 1), n, metric);
}

export { generate };

export async function buildOn(engine: Engine, set: OpenSet, factory: string, seed = 0, opq?: OpqSettingName): Promise<Built> {
  const { spec, problems } = readFactory(factory);
  if (!spec) throw new Error(`${factory}: ${problems[0]?.message}`);
  const rows = { x: set.base.byteOffset, n: set.n, d: set.d, kept: true };
  const built = await buildIndex(engine, spec, rows, rows, { metric: set.metric, seed, opq, trace: {} });
  await publish(engine, 'index', built.index);
  return built;
}

/** The whole query set at one setting; the index must be the one last built. */
export function measureOn(engine: Engine, set: OpenSet, { index }: Built, params: SearchParams, k = 10): Promise<Measured> {
  const { ivf } = anatomyOf(index);
  return measure(engine, { index, published: 'index', listOf: ivf && invertLists(ivf), queries: set.queries.byteOffset, nq: set.nq, d: set.d, k, params, truth: set.truth, clockMs: 0 });
}
