import { useState } from 'react';
import { usePalette, useWidth } from './hooks';
import { PanelCover } from './PanelCover';
import { Picture } from './Picture';
import type { StageProps } from './props';
import style from './stage.module.css';
import theme from './theme.module.css';

/** The plane with its vectors, cells, query and neighbours. Knows its props and where the visitor looks; not the
 *  worker, the store, the route. */
export function Stage(props: StageProps) {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useWidth(box);
  const palette = usePalette(box);
  const height = props.height ?? 520;
  const { plane } = props;
  return (
    <figure ref={setBox} className={`${theme.colours} ${style.stage}`}>
      <PanelCover state={props.state}>
        {plane && palette && width > 0 ? <Picture {...props} plane={plane} palette={palette} width={width} height={height} /> : <Blank height={height} />}
      </PanelCover>
    </figure>
  );
}

/** Holds the place of a picture, its caption and its legend. */
function Blank({ height }: { height: number }) {
  return (
    <>
      <div className={style.picture} style={{ height }} />
      <figcaption className={style.caption}>&nbsp;</figcaption>
      <ul className={style.legend}><li>&nbsp;</li></ul>
    </>
  );
}
