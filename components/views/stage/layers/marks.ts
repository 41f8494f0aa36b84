import type { SearchAnswer } from '@/workers/protocol';
import type { NeighbourKind } from '../neighbours';
import { count, ordinal, plural } from '../words';
import type { Camera } from './camera';
import { foundAt, type Frame, type Look } from './frame';
import { distanceName, nodeName, value } from './story';

/** What stands out of the many nodes, and what is said of one. */

export type Mark = { id: number; kind: NeighbourKind; x: number; y: number };

/** True neighbours and what was returned, on the lowest layer. */
export function marksOf(look: Look, frame: Frame, camera: Camera, placeOf: Map<number, number>): Mark[] {
  if (frame.kind === 'build') return [];
  const { given, truth } = look.walk, found = foundAt(look, frame), sought = new Set(truth.ids);
  const at = (id: number, kind: NeighbourKind): Mark => { const place = placeOf.get(id) ?? 0; return { id, kind, ...camera.to(look.nodes.at[2 * place] ?? 0, look.nodes.at[2 * place + 1] ?? 0, 0) }; };
  const others = frame.ended ? [...given].filter((id) => !sought.has(id)).map((id) => at(id, 'returned')) : [];
  return [...others, ...Array.from(truth.ids, (id) => at(id, found.has(id) ? 'found' : frame.ended ? 'missed' : 'waiting'))];
}

export const markWords: Record<NeighbourKind, string> = { found: 'true, found', missed: 'true, missed: the walk ended without it', waiting: 'true, not in the list yet', returned: 'returned, not true' };

export function linesOf(look: Look, frame: Frame, id: number, search: SearchAnswer | null): string[] {
  const place = look.nodes.ids.indexOf(id), layers = look.nodes.levels[place] ?? 1, degree = look.nodes.degree[place] ?? 0, word = look.nodes.words?.[place];
  const stands = layers > 1 ? `on layers 0 to ${layers - 1}` : look.levels.length > 1 ? 'on layer 0 alone' : '';
  const first = [word && !knownLabel(search, id) ? `“${word}”` : '', `${capital(nodeName(look, id))}${stands ? `, ${stands}` : ''}`, `${plural(degree, 'link')} on the lowest layer${id === look.entry ? '; every search begins here' : ''}`];
  return [...first, ...(frame.kind === 'search' ? walkLines(look, frame, id) : [])].filter(Boolean);
}

const capital = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
export const knownLabel = (search: SearchAnswer | null, id: number) => [...(search?.hits ?? []), ...(search?.truth ?? [])].find((one) => one.id === id)?.label ?? null;

function walkLines(look: Look, frame: Extract<Frame, { kind: 'search' }>, id: number): string[] {
  const met = frame.met.get(id) ?? frame.upper.findLast((level) => level.has(id))?.get(id), rank = look.walk.truth.ids.indexOf(id), kind = foundAt(look, frame).has(id) ? 'found' : frame.ended ? 'missed' : 'waiting';
  const truth = rank < 0 ? [] : [`${rank === 0 ? 'Nearest' : `${ordinal(rank + 1)} nearest`} to the query: ${markWords[kind]}`];
  if (!met) return [...truth, 'not met by the walk'];
  const where = frame.list && (frame.current?.level ?? 0) === 0 ? frame.list.ids.indexOf(id) : -1;
  return [
    ...truth, `${distanceName(look)} ${value(look, met.distance)}, the ${ordinal(met.nth + 1)} computed`,
    `${met.walkedAt === null ? 'not walked from' : `walked from on hop ${count(met.walkedAt + 1)}`}${where < 0 ? '' : `, ${ordinal(where + 1)} in the list`}`,
  ];
}
