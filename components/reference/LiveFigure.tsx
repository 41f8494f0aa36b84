'use client';
import { useEffect, useId, useRef, useState } from 'react';
import { asFailure } from '@/workers/failure';
import { ask, type Answer } from './ask';
import { captionOf } from './caption';
import { FigureTwin } from './FigureTwin';
import type { Recipe } from './figures';
import { figureLink } from './link';
import { Cells } from './pictures/Cells';
import { Codes } from './pictures/Codes';
import { Graph, Nearest } from './pictures/Graph';
import { Maps } from './pictures/Maps';
import { Ranks } from './pictures/Ranks';
import { Signs } from './pictures/Signs';
import style from './reference.module.css';

type State = { answer: Answer | null; wrong: string | null };

/** A term at work on a small plane set. Asks the engine when it comes near the screen, and again when its slider moves;
 *  until then it takes the same room. Its caption is read aloud only to who moves the slider. */
export function LiveFigure({ term, recipe }: { term: string; recipe: Recipe }) {
  const { slider } = recipe, [at, setAt] = useState(slider?.start ?? 0), [moved, setMoved] = useState(false);
  const value = slider?.values[at] ?? 0;
  const [host, near] = useNear();
  const { answer, wrong } = useAnswer(recipe, value, near);
  const caption = useId(), string = recipe.index(value);
  const said = wrong ?? (answer ? captionOf(answer) : '');
  return (
    <figure ref={host} className={style.figure} aria-label={`${term} at work`} data-ready={answer !== null}>
      <div className={style.title}><a href={figureLink(recipe, value)} className="mono" title="Open this figure’s index in Explore">{string}</a><span className="label">{recipe.data}, n = {recipe.n}</span></div>
      <div className={style.picture} role="img" aria-label={`${string} on the set ${recipe.data}. ${said}`}>{answer ? <Picture {...answer} /> : <div className={`skeleton ${style.skeleton}`} />}</div>
      {slider && (
        <label className={style.slider}>
          <span>{slider.name}</span>
          <input type="range" min={0} max={slider.values.length - 1} step={1} value={at} aria-valuetext={`${slider.name} = ${value}`} aria-describedby={caption} onChange={(event) => { setAt(event.target.valueAsNumber); setMoved(true); }} />
          <output>{value}</output>
        </label>
      )}
      <figcaption id={caption} className="label"><p role={moved ? 'status' : undefined}>{said}</p></figcaption>
      <FigureTwin recipe={recipe} value={value} />
    </figure>
  );
}

function Picture(answer: Answer) {
  switch (answer.kind) {
    case 'cells': return <Cells {...answer} />;
    case 'codes': return <Codes {...answer} />;
    case 'maps': return <Maps {...answer} />;
    case 'signs': return <Signs {...answer} />;
    case 'graph': return <Graph {...answer} />;
    case 'nearest': return <Nearest {...answer} />;
    case 'ranks': return <Ranks {...answer} />;
  }
}

/** Whether the element has come within a screen's height of being seen. Once near it stays so. */
function useNear() {
  const host = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (!host.current) return;
    const observer = new IntersectionObserver((entries) => { if (entries.some((entry) => entry.isIntersecting)) setNear(true); }, { rootMargin: '200px 0px' });
    observer.observe(host.current);
    return () => observer.disconnect();
  }, []);
  return [host, near] as const;
}

/** The latest answer; the one before it stays until then. */
function useAnswer(recipe: Recipe, value: number, near: boolean): State {
  const [state, setState] = useState<State>({ answer: null, wrong: null });
  useEffect(() => {
    if (!near) return;
    let wanted = true;
    ask(recipe, value, () => wanted).then(
      (answer) => { if (wanted && answer) setState({ answer, wrong: null }); },
      (thrown: unknown) => { if (wanted) setState((before) => ({ ...before, wrong: asFailure(thrown).message })); },
    );
    return () => { wanted = false; };
  }, [recipe, value, near]);
  return state;
}
