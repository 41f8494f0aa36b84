import { count, measure, plural } from '../words';
import type { BuildFrame } from './frame';
import style from './layers.module.css';
import type { Shared } from './Planes';
import { nodeName, wordsOf } from './story';

/** The sampled nodes that came in the state shown. */
export function Inserted({ look, frame, pointed, onPointed, width, height }: Shared & { frame: BuildFrame; width: number; height: number }) {
  const now = look.states[frame.state], { ids, born, levels, sampled } = look.nodes, words = wordsOf(look), room = Math.floor((height - 62) / 18);
  const fresh = Array.from(ids.subarray(0, sampled).keys()).filter((place) => born[place] === frame.state), batch = now?.step === 'batch' || now?.step === 'first';
  return (
    <div className={style.candidates} style={{ width, height }}>
      <h3 className={style.title}>{batch ? `${count(now.done)} of ${plural(look.n, 'node')}` : 'All nodes at once'}<small>{measure(now?.degree ?? 0)} links a node on layer 0</small></h3>
      <ul className={style.places} aria-label="Inserted in this step, of the nodes drawn" onMouseLeave={() => onPointed(null)}>
        {batch && fresh.slice(0, room).map((place) => {
          const id = ids[place] ?? 0, top = (levels[place] ?? 1) - 1;
          return <li key={id} className={style.place} style={{ height: 18 }} data-pointed={id === pointed} onMouseEnter={() => onPointed(id)}><span className={style.name}>{words?.get(id) || nodeName(look, id)}</span><span className={style.dis}>{top ? `layers 0–${top}` : 'layer 0'}</span></li>;
        })}
      </ul>
      <p className={style.foot}>{batch ? `${count(fresh.length)} drawn came in this step` : 'not built by insertion'}</p>
    </div>
  );
}
