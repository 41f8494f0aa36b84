import { useState } from 'react';
import type { LookProps } from '../looks';
import type { Looks } from '@/workers/protocol';
import { count, measure, percent, plural } from '../words';
import { arrowKeys } from './Board';
import type { PanelSpec } from './Board';
import { Histogram } from './families/Histogram';
import { Lengths, Points, latticeNote } from './families/Lattice';
import { Levels, stepName } from './families/Levels';
import { Lines } from './families/Lines';
import { Margins } from './families/Margins';
import { estimateNote, estimateSum } from './families/estimate';
import { Component, Ranges, levelsName, scalarNote } from './families/Ranges';
import { Strips } from './families/Strips';
import { Codebooks } from './product/Codebooks';
import { weightsOf } from './Scatter';
import { nextEntry, tablesAdded } from './sums/arrange';
import type { Sum, SumStep } from './sums/arrange';
import { Sums } from './sums/Sums';
import { Totals, totalsHeight } from './sums/Totals';
import type { TotalRow } from './sums/Totals';
import { Waterfall } from './sums/Waterfall';
import { badgeOf, partNote, sumNote } from './words';

export type Props = LookProps<Looks['codes']>;
type Look = Looks['codes'];
type Of<K extends Look['family']['kind']> = Extract<Look['family'], { kind: K }>;

/** What is pointed at: a part, level, component or bit; and of a codebook one of its rows. */
export type Pointed = { part: number; setPart: (part: number) => void; row: number | null; setRow: (row: number | null) => void };

export function usePointed(parts: number): Pointed {
  const [part, setPart] = useState(0), [row, setRow] = useState<number | null>(null);
  return { part: Math.min(part, parts - 1), setPart: (to) => { setPart(Math.min(parts - 1, Math.max(0, to))); setRow(null); }, row, setRow };
}

/** The same of tables, whose entries are named by their codes. */
type Coded = Pointed & { code: number | null; toCode: (part: number, code: number | null) => void };

/** How many things arrows walk through. */
export function partsOf({ family, sum }: Look): number {
  switch (family.kind) {
    case 'product': return family.M;
    case 'additive': return sum?.tables.length ?? family.M;
    case 'scalar': case 'estimate': return family.kind === 'scalar' ? family.d : family.vector.length;
    case 'signs': return family.nbits;
    case 'lattice': return family.M;
  }
}

/** The two panels that a family of codes has of its own. */
export function familyPanels(props: Props, pointed: Pointed): [PanelSpec, PanelSpec] {
  const { family } = props.look;
  switch (family.kind) {
    case 'product': return productPanels(props, pointed, family);
    case 'additive': return additivePanels(props, pointed, family);
    case 'scalar': return scalarPanels(props, pointed, family);
    case 'signs': return signPanels(props, pointed, family);
    case 'estimate': return estimatePanels(props, pointed, family);
    case 'lattice': return latticePanels(pointed, family);
  }
}

const walk = ({ part, setPart }: Pointed) => arrowKeys((by) => setPart(part + by));

function productPanels(props: Props, pointed: Pointed, product: Of<'product'>): [PanelSpec, PanelSpec] {
  const { look, palette, lit, iteration } = props, { part, setPart, row, setRow } = pointed, added = look.sum ? tablesAdded(look.sum, lit) : product.M;
  const codeRow = (m: number) => product.shown.subarray(m * product.rows, (m + 1) * product.rows), code = row === null ? null : codeRow(part)[row] ?? null;
  const toCode = (m: number, to: number | null) => { setPart(m); setRow(to === null ? null : Math.max(0, codeRow(m).indexOf(to))); };
  const along = (by: number) => setRow(((row ?? product.chosen[part] ?? 0) + by + product.rows) % product.rows);
  const cut = product.rows < product.ksub ? `, ${count(product.rows)} of ${count(product.ksub)} codes drawn` : '';
  const draw = (width: number, height: number) => <Codebooks product={product} palette={palette} part={part} onPart={setPart} row={row} onRow={setRow} lit={added} iteration={iteration} width={width} height={height} />;
  return [
    { name: 'Codebooks', title: <><strong>{plural(product.M, 'codebook')}</strong><span>{badgeOf(product, part)}{cut}</span></>, label: `Codebooks; part ${part + 1} of ${product.M}. Left and right walk through the parts, up and down through the codes.`, onKey: arrowKeys((by) => setPart(part + by), along), note: { text: partNote(look, product, part, row), lines: 2 }, draw },
    look.sum ? sumPanel(props, look.sum, { ...pointed, code, toCode }, totalsOf(look, product)) : partsPanel(look, product, pointed),
  ];
}

function totalsOf({ selected }: Look, { parts }: Of<'product'>): TotalRow[] {
  const both: TotalRow[] = [{ name: 'true', value: selected.exact, kind: 'exact' }, { name: 'look-ups (ADC)', value: selected.byCode, kind: 'code' }];
  return [...both, { name: 'codes only (SDC)', value: parts.sdc.reduce((sum, v) => sum + v, parts.before), kind: 'sym' }];
}

function sumPanel({ look, palette, lit, iteration }: Props, sum: Sum, pointed: Coded, totals: TotalRow[]): PanelSpec {
  const { metric, selected } = look, { part, setPart, code, toCode } = pointed;
  return {
    name: 'Look-ups', title: <><strong>{plural(sum.tables.length, 'table')}</strong><span>nearest entries first, the code’s outlined</span></>, label: `Tables and their sum; table ${part + 1} of ${sum.tables.length}. Left and right walk through the tables, up and down through their entries, nearest first.`, onKey: arrowKeys((by) => setPart(part + by), (by) => toCode(part, nextEntry(sum, metric, part, code, by))), note: { text: sumNote(look, sum, part, code), lines: 2 },
    draw: (width, height) => <Sums sum={sum} metric={metric} palette={palette} exact={selected.exact} byCode={selected.byCode} totals={totals} lit={iteration === null ? lit : null} part={part} onPart={setPart} code={code} onCode={toCode} width={width} height={height} />,
  };
}

function additivePanels(props: Props, pointed: Pointed, additive: Of<'additive'>): [PanelSpec, PanelSpec] {
  const { look, palette, lit, iteration } = props, { part, setPart, row, setRow } = pointed, { M, errors, meanErrors, norm, sampled } = additive, level = Math.min(part, M - 1), added = look.sum ? tablesAdded(look.sum, lit) : M;
  const order = additive.family === 'RQ' || additive.family === 'PRQ' ? 'each codes what is left' : 'found together, added in order';
  const note = `${stepName(look, level + 1)}: code ${additive.codes[level] ?? 0} of ${count(additive.rows[level] ?? 0)}, as ${percent(additive.shares[level] ?? 0)} of all; error ${measure(errors[level] ?? 0)} → ${measure(errors[level + 1] ?? 0)} (mean of ${sampled}: ${measure(meanErrors[level] ?? 0)} → ${measure(meanErrors[level + 1] ?? 0)})`;
  const totals: TotalRow[] = [{ name: 'true', value: look.selected.exact, kind: 'exact' }, { name: 'by code', value: look.selected.byCode, kind: 'code' }];
  const norms: TotalRow[] = norm.kept === null || look.metric === 'IP' ? [] : [{ name: '‖code‖²', value: norm.exact, kind: 'sym' }, { name: `kept (${norm.name})`, value: norm.kept, kind: 'sym' }];
  return [
    { name: 'Levels', title: <><strong>{plural(M, 'level')}</strong><span>{order}; dashed: the mean</span></>, label: `Levels; ${level + 1} of ${M}. Left and right walk through them.`, onKey: walk(pointed), note: { text: note, lines: 2 }, draw: (width, height) => <Levels look={look} additive={additive} palette={palette} part={level} onPart={setPart} lit={Math.min(added, M)} iteration={iteration} width={width} height={height} /> },
    look.sum ? sumPanel(props, look.sum, { ...pointed, code: row, toCode: (m, code) => { setPart(m); setRow(code); } }, [...totals, ...norms]) : distancePanel(look, additive, pointed, totals),
  ];
}

/** Without a norm nothing can be looked up: the distance to what stands after each level. */
function distancePanel(look: Look, { distances, M }: Of<'additive'>, pointed: Pointed, totals: TotalRow[]): PanelSpec {
  const steps = Array.from(distances, (after, m): SumStep => ({ kind: m === 0 ? 'term' : 'table', name: m === 0 ? (look.byResidual ? 'query to centroid' : '‖query‖²') : `level ${m}`, table: m === 0 ? null : m - 1, value: after - (distances[m - 1] ?? 0), before: distances[m - 1] ?? 0, after }));
  return stepsPanel(look, { title: 'Query to code', what: 'after each level; no norm is kept, so nothing is looked up', last: 'last level', steps, count: M }, pointed, totals);
}

/** A product code that is decoded to be compared: what each of its parts adds. */
function partsPanel(look: Look, { parts, M }: Of<'product'>, pointed: Pointed): PanelSpec {
  const before = parts.before === 0 ? [] : [{ kind: 'term' as const, name: 'query to centroid', table: null, value: parts.before, before: 0, after: parts.before }];
  let total = parts.before;
  const steps = Array.from(parts.adc, (value, m): SumStep => { const from = total; total += value; return { kind: 'table', name: `part ${m + 1}`, table: m, value, before: from, after: total }; });
  const totals: TotalRow[] = [{ name: 'true', value: look.selected.exact, kind: 'exact' }, { name: 'by code', value: look.selected.byCode, kind: 'code' }, { name: 'codes only (SDC)', value: parts.sdc.reduce((sum, v) => sum + v, parts.before), kind: 'sym' }];
  return stepsPanel(look, { title: 'Part by part', what: 'the code is decoded; nothing is looked up', last: 'last part', steps: [...before, ...steps], count: M }, pointed, totals);
}

type StepsSpec = { title: string; what: string; last: string; steps: SumStep[]; count: number };

function stepsPanel({ selected }: Look, { title, what, last, steps, count: all }: StepsSpec, pointed: Pointed, totals: TotalRow[]): PanelSpec {
  const { part, setPart } = pointed, below = totalsHeight(totals.length), now = steps.find(({ table }) => table === part);
  return {
    name: 'Distance', title: <><strong>{title}</strong><span>{what}</span></>, label: `${title}: ${what}. Left and right walk through it.`, onKey: walk(pointed), note: { text: now ? `${now.name}: ${now.value < 0 ? '−' : '+'} ${measure(Math.abs(now.value))} makes ${measure(now.after)}` : '', lines: 1 },
    draw: (width, height) => <><div style={{ position: 'relative', height: height - below - 6, marginBottom: 6 }}><Waterfall steps={steps} total={selected.byCode} exact={selected.exact} last={last} added={all} part={part} onPart={setPart} width={width} height={height - below - 6} /></div><Totals rows={totals} width={width} /></>,
  };
}

function scalarPanels({ palette }: Props, pointed: Pointed, scalar: Of<'scalar'>): [PanelSpec, PanelSpec] {
  const { part, setPart } = pointed, { levels, d, sampled } = scalar;
  return [
    { name: 'Components', title: <><strong>{plural(d, 'component')}</strong><span>{levelsName(levels)}; a sample of {count(sampled)}</span></>, label: `Components; ${part} of ${d}. Left and right walk through them.`, onKey: walk(pointed), note: { text: scalarNote(scalar, part), lines: 2 }, draw: (width, height) => <Ranges scalar={scalar} palette={palette} part={part} onPart={setPart} width={width} height={height} /> },
    { name: 'Levels', title: <><strong>Component {part}</strong><span>its values, and the levels</span></>, label: `Component ${part}; left and right choose another.`, onKey: walk(pointed), draw: (width, height) => <Component scalar={scalar} part={part} width={width} height={height} /> },
  ];
}

function signPanels({ look, palette }: Props, pointed: Pointed, signs: Of<'signs'>): [PanelSpec, PanelSpec] {
  const { part, setPart } = pointed, { nbits, bits, queryBits, vector, query, plane, period, sampled } = signs, { scanned, selected } = look, same = (b: number) => bits[b] === queryBits[b];
  const note = `bit ${part}: query ${queryBits[part] ?? 0} at ${measure(query[part] ?? 0)}, vector ${bits[part] ?? 0} at ${measure(vector[part] ?? 0)}${period === null ? '' : `, 1 in every other half of a period of ${measure(period)}`}: ${same(part) ? 'same' : 'different'}`;
  const margins: PanelSpec = { name: 'Bits', title: <><strong>{plural(nbits, 'bit')}</strong><span>{period === null ? 'a line each' : 'half periods'}, {count(sampled)} vectors; dark where they differ</span></>, label: `Bits; ${part} of ${nbits}. Left and right walk through them.`, onKey: walk(pointed), note: { text: note, lines: 2 }, draw: (width, height) => <Strips signs={signs} palette={palette} part={part} onPart={setPart} width={width} height={height} /> };
  const hamming: PanelSpec = {
    name: 'Distances', title: <><strong>{count(selected.byCode)} bits differ</strong><span>of {nbits}; of all that was compared</span></>, label: 'How many bits differ, for what the search compared',
    draw: (width, height) => <Histogram values={scanned.byCode} weights={weightsOf(scanned)} bins={Math.min(nbits + 1, 64)} range={[0, nbits + 1]} at={[{ value: selected.byCode + 0.5, name: 'the vector' }, ...(scanned.kth === null ? [] : [{ value: scanned.kth + 0.5, name: 'k-th', dashed: true }])]} name="bits that differ" width={width} height={height} />,
  };
  if (!plane) return [margins, hamming];
  return [{ name: 'Lines', title: <><strong>{plural(nbits, 'line')}</strong><span>exact; heavy where query and vector are apart</span></>, label: 'Lines of the bits on the plane', draw: (width, height) => <Lines signs={signs} plane={plane} palette={palette} part={part} width={width} height={height} /> }, margins];
}

function estimatePanels({ look }: Props, pointed: Pointed, estimate: Of<'estimate'>): [PanelSpec, PanelSpec] {
  const { part, setPart } = pointed, { vector, query, decoded, nbits, centre } = estimate, { scanned, selected } = look;
  const errors = scanned.byCode.map((v, i) => v - (scanned.exact[i] ?? 0)), most = Math.max(...Array.from(errors, Math.abs), 1e-30), weights = weightsOf(scanned), mean = errors.reduce((sum, v, i) => sum + v * (weights[i] ?? 0), 0) / (weights.reduce((sum, w) => sum + w, 0) || 1);
  const same = (j: number) => (vector[j] ?? 0) >= 0 === (query[j] ?? 0) >= 0;
  return [
    { name: 'Bits', title: <><strong>{plural(nbits, 'bit')} a component</strong><span>{centre === 'none' ? '' : `less the ${centre}; `}lines: what the code says</span></>, label: `Components; ${part} of ${vector.length}. Left and right walk through them.`, onKey: walk(pointed), note: { text: estimateNote(estimate, part), lines: 2 }, draw: (width, height) => <Margins vector={vector} query={query} same={same} decoded={decoded} part={part} onPart={setPart} width={width} height={height} /> },
    { name: 'Estimate', title: <><strong>Estimate less truth</strong><span>mean {measure(mean)}</span></>, label: 'How far the estimates are from the truth', note: { text: estimateSum(estimate, selected.byCode, look.metric), lines: 2 }, draw: (width, height) => <Histogram values={errors} weights={weights} bins={41} range={[-most, most]} at={[{ value: 0, name: 'truth', dashed: true }, { value: selected.byCode - selected.exact, name: 'the vector' }]} name="estimate less true distance" width={width} height={height} /> },
  ];
}

function latticePanels(pointed: Pointed, lattice: Of<'lattice'>): [PanelSpec, PanelSpec] {
  const { part, setPart } = pointed, { M, r2, points } = lattice;
  return [
    { name: 'Points', title: <><strong>{plural(M, 'part')}</strong><span>each by one of {count(points)} points of ℤ, squared length {r2}</span></>, label: `Parts; ${part + 1} of ${M}. Left and right walk through them.`, onKey: walk(pointed), note: { text: latticeNote(lattice, part), lines: 2 }, draw: (width, height) => <Points lattice={lattice} part={part} onPart={setPart} width={width} height={height} /> },
    { name: 'Lengths', title: <><strong>Lengths</strong><span>dot: the part’s; line: the step kept</span></>, label: `Lengths; part ${part + 1} of ${M}. Left and right walk through them.`, onKey: walk(pointed), draw: (width, height) => <Lengths lattice={lattice} part={part} onPart={setPart} width={width} height={height} /> },
  ];
}
