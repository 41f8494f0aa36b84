import { allBlocks, blocksOf, checkFactory, completionsAt, costOf, knobsOf, meaningOf, pythonOf, readFactory, stringInCode } from '../engine/factory/index';
import type { Block, Knob, Metric, Problem } from '../engine/factory/index';
import type { EngineInfo, IndexInfo } from '../workers/protocol';
import { dataSetOf } from './fit';
import { defaults, isParameter, parameters } from './setting';
import type { Parameter, Setting } from './setting';

/** What the language says of a setting's string: instant, on the page's own thread. */

type Stringy = Pick<Setting, 'index' | 'data' | 'metric' | 'n'>;

const specOf = (index: string) => readFactory(index).spec;
const dimension = (data: Setting['data']) => dataSetOf({ ...defaults(), data }).d;

/** Knobs of a wrong string: none. */
export function knobsFor(index: string): Knob[] {
  const spec = specOf(index);
  return spec ? knobsOf(spec) : [];
}

/** Does this value switch the parameter off? ht is off at its top, max_codes at 0. */
export const isOff = (knob: Pick<Knob, 'default' | 'min' | 'max'>, value: number) =>
  (knob.default === knob.max && value >= knob.max) || (knob.default === 0 && knob.min === 0 && value === 0);

/** The parameter that is swept: the first of the main ones that the engine takes; none that is off unless it is set. */
export function mainKnob(index: string): Parameter | null {
  const knobs = knobsFor(index).filter((knob) => !isOff(knob, knob.default));
  const name = (knobs.find((knob) => knob.main) ?? knobs[0])?.name;
  return name !== undefined && isParameter(name) ? name : null;
}

/** `of` may be a whole setting: then its search parameters are looked at too. */
export function problemsFor(of: Stringy | Setting, engine: EngineInfo | null): Problem[] {
  const { index, data, metric, n } = of;
  return checkFactory(index, { d: dimension(data), metric, n, ...(engine ? { memoryBytes: engine.memoryBytes } : {}), ...('nprobe' in of ? { params: paramsIn(of) } : {}) });
}

const paramsIn = (setting: Setting) => Object.fromEntries(parameters.map((name) => [name, setting[name]]));

/** Advice is no hindrance. What Faiss cannot save can be trained and searched here all the same, and a codec trained and looked at. */
export const stops = (problems: Problem[]) => problems.some(({ kind, step, codec }) => kind !== 'advice' && step !== 'save' && !codec);

export const mistakesFor = (problems: Problem[]) =>
  problems.map(({ from, to, message, fix, set, kind }) => ({ from, to, message, advice: kind === 'advice', ...(fix === undefined ? {} : { fix }), ...(set === undefined ? {} : { set }) }));

export function costFor({ index, data, metric, n }: Stringy) {
  const spec = specOf(index);
  return spec ? costOf(spec, dimension(data), n, metric) : null;
}

/** The experiment in Faiss's own words; null where Faiss would refuse the string. */
export function pythonFor(setting: Setting): string | null {
  const { d } = dataSetOf(setting), { index, metric, n, k } = setting;
  return pythonOf(index, { d, metric, n, k, params: paramsIn(setting) });
}

/** What is kept here, per vector of it, and at the size the large indexes are for. */
export function totalsFor(of: Stringy) {
  const here = costFor(of);
  const billion = costFor({ ...of, n: 1e9 });
  return here && billion ? { here: here.totalBytes, perVector: here.bytesPerVector, billion: billion.totalBytes } : null;
}

/** The stack, each block with what it does here in two or three words. */
export function blocksFor({ index, data, metric }: Stringy) {
  const spec = specOf(index);
  const blocks = spec ? blocksOf(spec, dimension(data), metric) : [];
  return blocks.map((block) => ({ ...block, brief: briefly(block), bytesOut: block.role === 'coarse' ? null : block.bytesOut }));
}

function briefly({ role, dIn, dOut, bytesIn, bytesOut, params }: Block): string {
  switch (role) {
    case 'transform': return `${dIn} → ${dOut}`;
    case 'coarse': return `${params.nlist ?? ''} cells`;
    case 'code': return bytesOut < bytesIn ? `÷ ${Number((bytesIn / Math.max(1, bytesOut)).toPrecision(2))}` : 'exact';
    case 'graph': return `+ ${bytesOut - bytesIn} B of links`;
    case 'refine': return `+ ${bytesOut - bytesIn} B`;
    case 'wrapper': return '';
  }
}

/** Where the bytes of a built index are: what each block keeps of a vector, its id, and the tables that do not grow. */
export function partsFor(of: Stringy, { bytes, n }: IndexInfo) {
  const blocks = blocksFor(of);
  const coded = blocks.some(({ role }) => role === 'code');
  const parts = blocks.flatMap(({ role, text, bytesIn, bytesOut }) => {
    if (role === 'transform' || bytesOut === null) return [];
    const perVector = role === 'code' ? bytesOut : bytesOut - bytesIn;
    const part = { name: `${text} ${text === 'Flat' ? 'vectors' : kept[role] ?? ''}`, role, perVector, bytes: perVector * n };
    // A graph whose storage is Flat keeps the vectors it links.
    const vectors = { name: 'vectors', role: 'code' as const, perVector: bytesIn, bytes: bytesIn * n };
    return role === 'graph' && !coded ? [vectors, part] : perVector > 0 ? [part] : [];
  });
  const cells = blocks.some(({ role }) => role === 'coarse');
  const grown = [...parts, ...(cells ? [{ name: 'ids', role: 'coarse', perVector: 8, bytes: 8 * n }] : [])];
  const rest = bytes - grown.reduce((sum, part) => sum + part.bytes, 0);
  return rest > 0 ? [...grown, { name: tables(blocks), role: 'wrapper', perVector: null, bytes: rest }] : grown;
}

const kept: { [R in Block['role']]?: string } = { code: 'codes', graph: 'links', refine: 'vectors' };

function tables(blocks: { role: string }[]): string {
  const has = (role: string) => blocks.some((block) => block.role === role);
  return [has('transform') ? 'rotation' : '', has('coarse') ? 'centroids' : '', has('code') ? 'codebooks' : ''].filter(Boolean).join(', ') || 'header';
}

/** What the editor of the string asks. */
export const language = (around: { d: number; metric: Metric }) => ({
  read: (text: string) => readFactory(text).tokens,
  complete: (text: string, at: number) => completionsAt(text, at, around).map(({ text: word, from, meaning, cost }) =>
    ({ text: word, from, meaning, detail: cost === null ? '' : `${cost.added ? '+ ' : ''}${cost.bytes} B` })),
  fromCode: stringInCode,
  /** The term under the pointer, wherever it stands; while the string is wrong, by its letters alone. */
  explain(text: string, at: number) {
    const { spec, tokens } = readFactory(text);
    const token = tokens.find(({ from, to }) => from <= at && at <= to);
    if (!token) return null;
    const block = spec && allBlocks(spec, around.d, around.metric).find(({ path }) => path === token.path);
    const said = block ?? meaningOf(token.text);
    if (!said) return null;
    const flow = block && block.bytesOut !== block.bytesIn ? ` ${block.bytesIn} B → ${block.bytesOut} B a vector.` : '';
    return { from: token.from, to: token.to, title: block?.text ?? token.text, meaning: `${said.meaning} ${said.limits}${flow}` };
  },
});
