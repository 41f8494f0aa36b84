/** Two dimensions that keep who is near whom, and nothing else: UMAP (McInnes, Healy & Melville 2018) by the library umap-js, from exact
 *  neighbours. Only dots may be drawn on it: distances, areas and gaps in it mean nothing. */
import { UMAP } from 'umap-js';
import { uniform } from '../engine/data/draws';
import { mulberry32 } from '../engine/random';
import type { KnnAnswer } from './protocol';

const SEED = 1234;
/** As umap-js takes for large sets; more of them move dots, but keep no more neighbours. */
const EPOCHS = 200;

/** (n, 2), the same for the same neighbours. `onEpoch` hears how far it is. */
export function layOut({ n, k, ids, distances }: KnnAnswer, onEpoch: (done: number, total: number) => void): Float32Array {
  const draws = mulberry32(SEED), umap = new UMAP({ nNeighbors: k, nEpochs: EPOCHS, random: () => uniform(draws) });
  const rows = <T>(values: ArrayLike<T>) => Array.from({ length: n }, (_, i) => Array.from({ length: k }, (_, j) => values[i * k + j] as T));
  umap.setPrecomputedKNN(rows(ids), rows(distances));
  // With the neighbours given, of the vectors only their number is used.
  const epochs = umap.initializeFit(Array.from({ length: n }, () => [0]));
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (epoch % 10 === 0) onEpoch(epoch, epochs);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
