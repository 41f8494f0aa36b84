import { count, measure, plural } from '../words';
import type { BuildFrame } from './frame';
import style from './layers.module.css';
import type { Shared } from './Planes';
import { changes, nodeName, stateName, wordsOf } from './story';

type Props = Shared & { frame: BuildFrame; width: number; height: number };
const tall = 18;

/** The nodes drawn that came in the state shown; or, where nothing is inserted, the steps of the construction. */
export function Inserted(props: Props) {
  const { look, frame, width, height } = props, now = look.states[frame.state], batch = now?.step === 'batch' || now?.step === 'first';
  return (
    <div className={style.candidates} style={{ width, height }}>
      <h3 className={style.title}>{batch ? `${count(now.done)} of ${plural(look.n, 'node')}` : 'All nodes at once'}<small>{batch ? `${measure(now.degree)} links a node on layer 0` : 'an NSG inserts nothing'}</small></h3>
      {batch ? <Fresh {...props} /> : <Steps {...props} />}
    </div>
  );
}

function Fresh({ look, frame, pointed, onPointed, height }: Props) {
  const { ids, born, levels, sampled } = look.nodes, words = wordsOf(look), room = Math.floor((height - 62) / tall), fresh = Array.from(ids.subarray(0, sampled).keys()).filter((place) => born[place] === frame.state);
  return (
    <>
      <ul className={style.places} aria-label="Inserted in this step, of the nodes drawn" onMouseLeave={() => onPointed(null)}>
        {fresh.slice(0, room).map((place) => {
          const id = ids[place] ?? 0, top = (levels[place] ?? 1) - 1;
          return <li key={id} className={style.place} style={{ height: tall }} data-pointed={id === pointed} onMouseEnter={() => onPointed(id)}><span className={style.name}>{words?.get(id) || nodeName(look, id)}</span><span className={style.dis}>{top ? `layers 0–${top}` : 'layer 0'}</span></li>;
        })}
      </ul>
      <p className={style.foot}>{fresh.length > room ? `${count(room)} of ${count(fresh.length)} that came and are drawn` : `${count(fresh.length)} drawn came in this step`}</p>
    </>
  );
}

/** Links made and cut among the nodes followed, step by step. */
function Steps({ look, frame }: Props) {
  const all = look.states.map((state, i) => ({ state, ...changes(look, i) }));
  return (
    <>
      <ul className={style.places} aria-label="Steps of the construction, with the links made and cut">
        {all.map(({ state, made, cut }, i) => (
          <li key={i} className={style.place} style={{ height: tall }} data-pointed={i === frame.state}>
            <span className={style.name}>{stateName(state)}</span><span className={style.dis}>+{count(made)} −{count(cut)}</span>
          </li>
        ))}
      </ul>
      <p className={style.foot}>links made and cut</p>
    </>
  );
}
