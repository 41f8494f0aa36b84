/** The comparison as Markdown: one line a string, and every figure that lies outside. */
import type { Row } from '../../engine/test/figures';
import { figureNames, fromSpan } from '../../engine/test/figures';
import { writeParams } from '../bench/strings';
import { countsSection } from './counts';
import { familyOf, familyTitles } from './families';
import type { Judged, Verdict } from './judge';
import { judge, share, writeSpan } from './judge';
import { table } from './markdown';
import type { Ours } from './measure';
import { reasons } from './reasons';
import { setSizes, setTitles, wider } from './rows';
import { nameOf } from './store';

export type Line = { row: Row; ours: Ours | undefined };
type Done = { row: Row; ours: Ours; verdict: Verdict };

export function writeReport(lines: Line[]): string {
  const done = lines.flatMap(({ row, ours }) => (ours ? [{ row, ours, verdict: judge(row, ours, setSizes[row.set]?.nq ?? NaN) }] : [])), left = lines.filter(({ ours }) => !ours);
  return [
    '# Agreement with Faiss', '',
    'Written by `npm run agree`: every string on record is trained and searched, and what it finds is put beside what native Faiss finds on the same vectors.', '',
    ...howRead, ...summary(done, left), ...outsideSection(done),
    ...sectionsOf(done).flatMap(({ title, rows }) => setSection(title, rows)),
    ...countsSection(done),
  ].join('\n');
}

const howRead = [
  '10@10 is the share of the true ten nearest among the ten returned; 1@1 and 1@100 are the shares of queries whose nearest is the first returned, and among the first hundred. Where Faiss was trained from several seeds its figure is their span. Ours is one training, from Faiss’s own seed. OPQ is trained at the quality `matched`.', '',
  'A figure agrees that lies no further from the span than one percentage point; 1@1 and 1@100 are shares of a few hundred queries and have one standard error besides. Code sizes must be equal, and file sizes lie within the span of the seeds; a file of an NSG may differ by 2 %, one of lists kept in blocks of 32 codes and one of a multi-index after OPQ by 0.5 %, as they depend on the draw.', '',
  'synth64 and photo-sift: Faiss 1.15.0, up to three seeds. GloVe and Fashion-MNIST: Faiss 1.15.1 by `scripts/agree/native.py`, three seeds where training takes less than 15 seconds, else one.', '',
];

function summary(done: Done[], left: Line[]): string[] {
  const figures = done.flatMap(({ verdict }) => verdict.points.flatMap(({ out }) => out)), outside = figures.filter(Boolean).length;
  const codes = done.filter(({ verdict }) => verdict.codesAgree).length, files = done.filter(({ verdict }) => verdict.bytesAgree).length;
  const away = done.flatMap(({ verdict }) => verdict.points.map((point) => point.away[0] ?? 0)).sort((a, b) => a - b);
  return [
    `${done.length} rows, ${figures.length / 3} settings, ${figures.length} figures of recall: ${figures.length - outside} agree, ${outside} lie outside. Code sizes are equal in ${codes} rows, file sizes agree in ${files}. 10@10 lies within the span of the seeds, or less than .005 from it, at ${percent(away.filter((v) => v < 0.005).length, away.length)} of the settings; the median distance is ${share(away[away.length >> 1])}.`, '',
    ...leftOut(left),
  ];
}

function leftOut(left: Line[]): string[] {
  const titles = [...new Set(left.map(({ row }) => titleOf(row)))];
  return titles.length ? ['Not measured yet:', '', ...titles.map((title) => `* ${title}: ${left.filter(({ row }) => titleOf(row) === title).map(({ row }) => `\`${row.s}\``).join(', ')}`), ''] : [];
}

const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

function outsideSection(done: Done[]): string[] {
  const rows = done.filter(({ verdict }) => verdict.outside.length);
  if (!rows.length) return [];
  return ['## Outside', '', ...rows.map(({ row, verdict }) => `* **\`${row.s}\`** (${titleOf(row)}): ${verdict.outside.join('; ')}. ${[...widerOf(row, verdict), reasons[nameOf(row)] ?? ''].filter(Boolean).join(' ') || 'Not explained yet.'}`), ''];
}

/** What more trainings of native Faiss spread, at the settings that lie outside. */
function widerOf(row: Row, { points }: Verdict): string[] {
  const more = wider.find((other) => nameOf(other) === nameOf(row));
  if (!more) return [];
  const found = points.flatMap(({ params, ours, out }) => {
    const seeds = more.points.find((point) => writeParams(point.params) === params)?.seeds ?? [];
    return figureNames.flatMap((name, i) => (out[i] && seeds.length ? [spread(name, params, ours[i] ?? NaN, seeds.map((seed) => seed[i] ?? NaN))] : []));
  });
  return found.length ? [`${more.points[0]?.seeds.length} trainings of Faiss 1.15.1 give ${found.join('; ')}.`] : [];
}

function spread(name: string, params: string, ours: number, seeds: number[]): string {
  const far = fromSpan(ours, seeds), where = far === 0 ? 'ours lies within' : `ours lies ${share(far)} away`;
  return `${name} ${writeSpan({ low: Math.min(...seeds), high: Math.max(...seeds) })}${params && ` at ${params}`} (${where})`;
}

const titleOf = ({ set, metric }: Row) => `${setTitles[set]}, ${metric === 'IP' ? 'inner product' : 'L2'}`;

function sectionsOf(done: Done[]): { title: string; rows: Done[] }[] {
  const titles = [...new Set(done.map(({ row }) => titleOf(row)))];
  return titles.map((title) => ({ title, rows: done.filter(({ row }) => titleOf(row) === title) }));
}

function setSection(title: string, rows: Done[]): string[] {
  const { n, d, nq } = setSizes[rows[0]?.row.set ?? ''] ?? { n: NaN, d: NaN, nq: NaN };
  return [`## ${title}: ${n} vectors of ${d} dimensions, ${nq} queries`, '', 'Each line shows the setting whose 10@10 lies furthest from the span, ours before Faiss’s.', '', ...familyTitles.flatMap((family) => {
    const own = rows.filter(({ row }) => familyOf(row.s) === family);
    return own.length ? [`### ${family}`, '', ...table(['index', 'code, bytes', 'file, bytes', 'Faiss', 'setting', ...figureNames, 'settings'], own.map(cells)), ''] : [];
  })];
}

function cells({ row, ours, verdict }: Done): string[] {
  const { points } = verdict, furthest = points.reduce<Judged | undefined>((worst, point) => ((point.away[0] ?? 0) >= (worst?.away[0] ?? 0) ? point : worst), undefined), good = points.filter(({ out }) => !out.some(Boolean)).length;
  const code = verdict.codesAgree ? `${ours.codeSize ?? '–'}` : `**${ours.codeSize}**, Faiss ${row.codeSize}`, low = Math.min(...row.bytes), high = Math.max(...row.bytes);
  return [
    `\`${row.s}\``, code, mark(`${ours.bytes}`, !verdict.bytesAgree), low === high ? `${low}` : row.bytes.length ? `${low}–${high}` : '–', furthest?.params.replaceAll(',', ', ') ?? 'cannot be searched',
    ...figureNames.map((_, i) => (furthest ? mark(`${share(furthest.ours[i])} · ${writeSpan(furthest.spans[i])}`, furthest.out[i] ?? false) : '–')), !points.length ? '–' : good === points.length ? `${good} agree` : `**${good} of ${points.length} agree**`,
  ];
}

const mark = (text: string, outside: boolean) => (outside ? `**${text}**` : text);
