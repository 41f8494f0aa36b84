/** Which base vectors matter to a query: those that the index returns and those that are truly nearest. */
import { takeF32, takeI32, openArena, release } from '../../engine/memory';
import { truthBlock } from '../../engine/measure/truth';
import { searchInto, searchScratch } from '../../engine/search';
import type { SearchParams } from '../../engine/types';
import { newWork } from '../../engine/work';
import { loaded, ready } from '../session';
import type { Session } from '../session';

/** Their ids, each once. */
export function nearTo(session: Session, query: Float32Array, k: number, params: SearchParams): Int32Array {
  const { base, n, d, metric } = loaded(session), { index } = ready(session), thread = session.engine.own, { top } = thread, arena = openArena(session.engine.memory);
  const wanted = searchScratch(index, k, params), room = thread.end - top;
  if (wanted > room) throw new Error(`nearTo: ${wanted} bytes of scratch wanted, ${room} there`);
  try {
    const x = takeF32(arena, d), dis = takeF32(arena, k + 4), ids = takeI32(arena, k + 4), to = [dis.byteOffset, ids.byteOffset] as const;
    x.set(query);
    searchInto(thread, index, x.byteOffset, k, params, ...to, newWork());
    const returned = ids.slice(0, k);
    truthBlock(thread, { base: base.byteOffset, n, d, metric, queries: x.byteOffset, nq: 1, k, dis: to[0], ids: to[1] }, 0);
    return Int32Array.from(new Set([...ids.subarray(0, k), ...returned])).filter((id) => id >= 0);
  } finally {
    thread.top = top;
    release(arena);
  }
}
