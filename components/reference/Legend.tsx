import type { ReactNode } from 'react';
import { Found, Missed, Star } from './pictures/marks';
import style from './reference.module.css';

/** What the marks of all figures mean. */
export function Legend() {
  return (
    <p className={`label ${style.legend}`}>
      <Entry text="the query"><Star /></Entry>
      <Entry text="true neighbour, found"><Found /></Entry>
      <Entry text="true neighbour, missed"><Missed /></Entry>
      <Entry text="a vector"><path className={style.dots} d="M0,0h0" /></Entry>
      <Entry text="scanned or visited"><path className={style.visited} d="M0,0h0" /></Entry>
      <Entry text="what a code stands for"><path className={style.tie} d="M0,0L7,-6M0,0L-6,-5" /><path className={style.decoded} d="M0,0h0" /></Entry>
      <Entry text="a centroid"><path className={style.centroid} d="M-3.5,0h7m-3.5,-3.5v7" /></Entry>
    </p>
  );
}

const Entry = ({ text, children }: { text: string; children: ReactNode }) => <span><svg viewBox="-9 -9 18 18" aria-hidden="true">{children}</svg>{text}</span>;
