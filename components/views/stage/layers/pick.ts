import type { Point } from '../viewport';
import type { Camera } from './camera';
import type { Frame, Look } from './frame';

/** Between pixels and nodes. */

/** How near to a node the pointer must be, in CSS pixels; the walk's nodes reach farther. */
const reach = 9, walked = 3;

/** On the highest layer on which it takes part in what is shown. */
export function shownAt(look: Look, camera: Camera, placeOf: Map<number, number>, id: number, frame: Frame): Point | null {
  const place = placeOf.get(id);
  if (place === undefined) return null;
  const layer = frame.kind === 'search' && frame.current ? frame.current.level : 0;
  return camera.to(look.nodes.at[2 * place] ?? 0, look.nodes.at[2 * place + 1] ?? 0, Math.min(layer, (look.nodes.levels[place] ?? 1) - 1));
}

/** The drawn node nearest to a pixel, of those that stand there now; the walk's before the others. */
export function nodeAt(look: Look, frame: Frame, camera: Camera, { x, y }: Point): number | null {
  const { ids, at, levels, born, sampled } = look.nodes;
  let best: number | null = null, least = reach;
  for (let i = 0; i < ids.length; i++) {
    if (frame.kind === 'build' ? i >= sampled || (born[i] ?? 0) > frame.state : i >= sampled && !frame.upper.some((met) => met.has(ids[i] ?? -1)) && !look.walk.truth.ids.includes(ids[i] ?? -1)) continue;
    for (let layer = 0; layer < (levels[i] ?? 1); layer++) {
      const p = camera.to(at[2 * i] ?? 0, at[2 * i + 1] ?? 0, layer), away = Math.hypot(p.x - x, p.y - y) - (frame.kind === 'search' && frame.upper[layer]?.has(ids[i] ?? -1) ? walked : 0);
      if (away < least) [best, least] = [ids[i] ?? null, away];
    }
  }
  return best;
}

