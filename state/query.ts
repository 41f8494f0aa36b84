import type { QueryRef } from '../workers/protocol';

/** A query as a person writes it, and as the engine takes it.
 *  "17" · "king": a held-out query by number or name; "id:1234": a base vector; "17@0.31,-0.2": a point of the plane
 *  through query 17 and its two nearest centroids. */

/** Null when no such query is held out. */
export function readQuery(text: string, names: string[]): QueryRef | null {
  if (text.startsWith('id:')) return { kind: 'base', id: Number(text.slice(3)) };
  const [name = '', point] = text.split('@');
  const index = numberOf(name, names);
  if (index < 0) return null;
  if (point === undefined) return { kind: 'heldOut', index };
  const [x, y] = point.split(',').map(Number);
  return x === undefined || y === undefined ? null : { kind: 'plane', index, x, y };
}

export function writeQuery(ref: QueryRef, names: string[]): string {
  if (ref.kind === 'base') return `id:${ref.id}`;
  const name = names[ref.index] ?? '';
  const word = isWord(name) && names.indexOf(name) === ref.index ? name : String(ref.index);
  return ref.kind === 'heldOut' ? word : `${word}@${short(ref.x)},${short(ref.y)}`;
}

/** A name that can stand in a URL for its query: a word, nothing that reads as a number or a form of ours. */
const isWord = (name: string) => /^[\p{L}][\p{L}\p{M}'’-]*$/u.test(name);

function numberOf(name: string, names: string[]): number {
  if (/^\d+$/.test(name)) return Number(name) < names.length ? Number(name) : -1;
  const exact = names.indexOf(name);
  return exact >= 0 ? exact : names.findIndex((one) => one.toLowerCase() === name.toLowerCase());
}

/** Five digits: finer than a pixel on any plane. */
const short = (x: number) => Number(x.toPrecision(5));

/** Held-out queries whose name or number begins with the text, then those that hold it. */
export function findQueries(text: string, names: string[], most: number): number[] {
  const wanted = text.trim().toLowerCase();
  const begins: number[] = [];
  const holds: number[] = [];
  for (let i = 0; i < names.length && begins.length < most; i++) {
    const name = (names[i] ?? '').toLowerCase();
    if (name.startsWith(wanted) || String(i).startsWith(wanted)) begins.push(i);
    else if (name.includes(wanted)) holds.push(i);
  }
  return [...begins, ...holds].slice(0, most);
}
