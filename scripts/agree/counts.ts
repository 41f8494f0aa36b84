/** What a search counts here beside Faiss's own statistics, which native.py wrote down. */
import type { Row } from '../../engine/test/figures';
import type { Counts } from '../../engine/types';
import { writeParams } from '../bench/strings';
import { table } from './markdown';
import type { Ours } from './measure';
import native from './native.json';
import { isCounted } from './rows';

type Measured = { row: Row; ours: Ours };
type Counted = (typeof native.counts)[number];

export function countsSection(done: Measured[]): string[] {
  const lines = native.counts.flatMap((theirs) => {
    const setting = writeParams(theirs.params), found = done.find(({ row, ours }) => isCounted(row) && row.s === theirs.s && ours.at[setting]);
    const counts = found?.ours.at[setting]?.counts;
    return counts ? [[`\`${theirs.s}\``, setting.replaceAll(',', ', '), ...cells(theirs, counts)]] : [];
  });
  const titles = ['index', 'setting', 'codes', 'ivf ndis', 'lists', 'ivf nlist', 'graph', 'hnsw ndis', 'hops', 'hnsw nhops', 'heap updates'];
  return lines.length ? ['## What a search counts', '', ...explained, ...table(titles, lines, [0, 1]), ''] : [];
}

const explained = [
  'Per query on synth64, L2, k = 10: ours, then Faiss’s `indexIVF_stats` and `hnsw_stats` as native Faiss 1.15.1 has them after the same search.', '',
  '* **Codes and lists** are the same figures where the same cells are probed. Faiss’s `nlist` leaves out lists that are empty, which only a multi-index has many of; ours counts every list that was opened.',
  '* **Graph**: distances of the walk, over the vectors or over the centroids. Ours has one more per query, of the node that the walk enters by, and the graphs are not link for link the same.',
  '* **Heap updates** say how often Faiss replaced a result. We do not count that.', '',
];

function cells(theirs: Counted, { codes, lists, ndis, ndisCoarse, ndisRefine, hops }: Counts): string[] {
  const lookups = theirs.ivf_nlist > 0, walks = theirs.hnsw_ndis > 0, graph = lookups ? ndisCoarse : ndis - ndisCoarse - ndisRefine;
  const pair = (there: boolean, ours: number, faiss: number) => (there ? [one(ours), one(faiss)] : ['–', '–']);
  return [...pair(lookups, codes, theirs.ivf_ndis), ...pair(lookups, lists, theirs.ivf_nlist), ...pair(walks, graph, theirs.hnsw_ndis), ...pair(walks, hops, theirs.hnsw_nhops), lookups ? one(theirs.ivf_nheap_updates) : '–'];
}

const one = (value: number) => value.toFixed(1);
