import { useState } from 'react';
import type { LookAnswer } from '@/workers/protocol';
import { usePalette, useWidth } from './hooks';
import { wornHues } from './hues';
import { withView } from './looks';
import type { LookProps, LookView } from './looks';
import { PanelCover } from './PanelCover';
import type { PanelState } from './props';
import style from './stage.module.css';
import theme from './theme.module.css';

type Props = Omit<LookProps<unknown>, 'look' | 'palette' | 'width' | 'hues'> & { look: LookAnswer | null; state: PanelState; /** What was built. */ index?: object | null };

/** A view that is not drawn on a plane, in the frame that all views share. Knows its props; not the worker, the store, the route. */
export function LookStage({ look, state, index = null, ...rest }: Props) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useWidth(box), palette = usePalette(box), { height } = rest;
  return (
    <figure ref={setBox} className={`${theme.colours} ${style.stage}`}>
      <PanelCover state={look ? state : state.kind === 'ready' ? { kind: 'waiting' } : state}>
        {look && palette && width > 0
          ? withView(look, (view, own) => <Drawn view={view} {...rest} look={own} palette={palette} width={width} hues={wornHues(index)} />)
          : <><div className={style.picture} style={{ height }} /><figcaption className={style.caption}>&nbsp;</figcaption><ul className={style.legend}><li>&nbsp;</li></ul></>}
      </PanelCover>
    </figure>
  );
}

function Drawn<L>({ view, ...props }: LookProps<L> & { view: LookView<L> }) {
  const { Picture, Legend } = view;
  return (
    <>
      <div className={style.picture} style={{ height: props.height }}><Picture {...props} /></div>
      <figcaption className={style.caption}>{view.caption(props)}</figcaption>
      {Legend ? <Legend {...props} /> : <ul className={style.legend}><li>&nbsp;</li></ul>}
    </>
  );
}
