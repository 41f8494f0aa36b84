/** How to show one vector to a person, from what a prepared set keeps beside its vectors. */
import type { DataSet } from './catalogue';
import { cutPatch, patchSide } from './patch';
import type { GreyBytes } from './patch';
import { readPlace } from './places';
import type { Prepared } from './prepared';

export type Label =
  | { kind: 'word'; text: string }
  | { kind: 'image'; width: number; height: number; /** grey, row by row */ pixels: Uint8Array; text?: string }
  | { kind: 'number'; text: string };

/** Labels of a set's base vectors and queries, made when they are asked for. */
export type Labels = { base(id: number): Label; query(i: number): Label; queryName(i: number): string };

const number = (i: number): Label => ({ kind: 'number', text: `${i}` });
export const numbers: Labels = { base: number, query: number, queryName: (i) => `${i}` };

/** The files that scripts/data writes beside the vectors, as they are read back. */
export type LabelFiles = { json: unknown; photos?: ArrayBuffer };

export function labelsOf(set: DataSet, prepared: Prepared, { json, photos }: LabelFiles): Labels {
  switch (set.label) {
    case 'word': return wordLabels(json as { words: string[]; queries: string[] });
    case 'image': return imageLabels(prepared, json as ImageTable);
    case 'patch': return patchLabels(prepared, (json as { photos: PhotoRow[] }).photos, photos ?? new ArrayBuffer(0));
    default: return numbers;
  }
}

function wordLabels({ words, queries }: { words: string[]; queries: string[] }): Labels {
  return {
    base: (id) => ({ kind: 'word', text: words[id] ?? `${id}` }),
    query: (i) => ({ kind: 'word', text: queries[i] ?? `${i}` }),
    queryName: (i) => queries[i] ?? `${i}`,
  };
}

type ImageTable = { width: number; height: number; classes: string[]; labels: number[]; queries: number[] };

/** The vector itself is the picture. */
function imageLabels({ d, base, queries }: Prepared, table: ImageTable): Labels {
  const { width, height, classes } = table;
  const image = (rows: Prepared['base'], classOf: number[], i: number): Label => ({
    kind: 'image', width, height, pixels: Uint8Array.from(rows.subarray(i * d, (i + 1) * d)), text: classes[classOf[i] ?? 0] ?? `${i}`,
  });
  return {
    base: (id) => image(base, table.labels, id),
    query: (i) => image(queries, table.queries, i),
    queryName: (i) => `${i} · ${classes[table.queries[i] ?? 0] ?? ''}`,
  };
}

type PhotoRow = { title: string; width: number; height: number; offset: number };

/** Base patches are cut from the photo; a query's was kept, since it shows a view that no photo has. */
function patchLabels({ extras }: Prepared, table: PhotoRow[], photos: ArrayBuffer): Labels {
  const { places, queryPlaces, queryPatches } = extras, side = patchSide;
  if (!places || !queryPlaces || !queryPatches) return numbers;
  const grey = table.map(({ width, height, offset }): GreyBytes => ({ width, height, pixels: new Uint8Array(photos, offset, width * height) }));
  const title = (bytes: Uint8Array, i: number) => table[readPlace(bytes, i).photo]?.title ?? '';
  return {
    base: (id) => {
      const place = readPlace(places, id), photo = grey[place.photo];
      return photo ? { kind: 'image', width: side, height: side, pixels: cutPatch(photo, place), text: title(places, id) } : number(id);
    },
    query: (i) => ({ kind: 'image', width: side, height: side, pixels: queryPatches.slice(i * side * side, (i + 1) * side * side), text: title(queryPlaces, i) }),
    queryName: (i) => `${i} · ${title(queryPlaces, i)}`,
  };
}
