import { MANUAL_D, type Manual } from '@/engine/factory';
import { takesParameter } from '@/engine/parameters';
import { count } from '../marks';
import { FIGURES } from './figures';
import { anchorOf } from './filter';
import { LiveFigure } from './LiveFigure';
import { exploreLink } from './link';
import style from './reference.module.css';

/** One term: what it is on the left, what it does on the right. */
export function Term({ manual, missing }: { manual: Manual; missing: string | null }) {
  const { entry, binary } = manual, figure = binary || missing !== null ? undefined : FIGURES[entry.name];
  return (
    <article id={anchorOf(entry.name)} className={style.term} aria-labelledby={`${anchorOf(entry.name)}-name`}>
      <div className={style.text}>
        <h3 className={style.name}>
          <a id={`${anchorOf(entry.name)}-name`} className={`mono role-${entry.role}`} href={`#${anchorOf(entry.name)}`}>{entry.name}</a>
          {missing !== null && <span className={style.missing} title={missing}>read and explained; not built here yet</span>}
        </h3>
        <p className={style.meaning}>{entry.meaning}</p>
        <p className={`mono ${style.syntax}`}>{syntaxOf(entry.syntax)}</p>
        <Parts parts={entry.parts} />
        <Facts manual={manual} />
        <Traps traps={manual.traps} />
      </div>
      {figure && <LiveFigure term={entry.name} recipe={figure} />}
    </article>
  );
}

/** Quoted is what one types as it stands. */
const syntaxOf = (syntax: string) => syntax.split(/("[^"]*")/).map((piece, i) => (piece.startsWith('"') ? <strong key={i}>{piece.slice(1, -1)}</strong> : <span key={i}>{piece}</span>));

function Parts({ parts }: { parts: Manual['entry']['parts'] }) {
  const names = Object.entries(parts);
  return names.length === 0 ? null : <dl className={style.parts}>{names.map(([name, meaning]) => <div key={name}><dt className="mono">{name}</dt><dd>{meaning}</dd></div>)}</dl>;
}

function Facts({ manual }: { manual: Manual }) {
  const { entry, binary, examples, knobs, metricNotes } = manual;
  return (
    <dl className={style.facts}>
      <div><dt>Examples</dt><dd className={style.examples}>{examples.map(({ index }) => <Example key={index} index={index} linked={!binary} />)}</dd></div>
      <div><dt>Builds</dt><dd>{entry.builds}</dd></div>
      <div><dt>Limits</dt><dd>{entry.limits}</dd></div>
      <div>
        <dt>Bytes a vector</dt>
        <dd>{entry.size}; at d = {MANUAL_D}: {examples.map(({ text, bytes }, i) => <span key={text}>{i > 0 && ', '}<span className="mono">{text}</span>: {count(bytes)} B</span>)}</dd>
      </div>
      <div><dt>Training</dt><dd>{entry.training}{examples[0] && examples[0].trainMin > 0 && <> <span className="mono">{examples[0].index}</span> needs at least {count(examples[0].trainMin)} {examples[0].trainMin === 1 ? 'vector' : 'vectors'}.</>}</dd></div>
      <div><dt>Search</dt><dd>{knobs.length === 0 ? 'No parameter of its own.' : knobs.map((knob) => <Knob key={knob.name} {...knob} binary={binary} />)}</dd></div>
      <div><dt>Metric</dt><dd>{binary ? 'Hamming distance.' : metricNotes.length === 0 ? 'L2 and inner product.' : metricNotes.map(({ metric, message }) => <p key={metric + message}>{metric === 'IP' ? 'Inner product' : 'L2'}: {message}</p>)}</dd></div>
      <div><dt>Paper</dt><dd>{entry.paper}</dd></div>
    </dl>
  );
}

/** A whole index, and where Explore meets it with fitting data. */
function Example({ index, linked }: { index: string; linked: boolean }) {
  const link = linked ? exploreLink(index) : null;
  return link ? <a className="mono" href={link.href} title={`Open in Explore with ${link.title}`}>{index}</a> : <span className="mono">{index}</span>;
}

function Knob({ name, meaning, default: usual, min, max, binary }: Manual['knobs'][number] & { binary: boolean }) {
  return <p><span className="mono">{name}</span> = {count(usual)}, {count(min)} to {count(max)}. {meaning}{!binary && !takesParameter(name) && <> Faiss has it; it is not built here yet.</>}</p>;
}

function Traps({ traps }: { traps: Manual['traps'] }) {
  if (traps.length === 0) return null;
  return (
    <ul className={style.traps} aria-label="Traps">
      {traps.map(({ text, problem }) => (
        <li key={text}>
          <span className="mono">{text.slice(0, problem.from)}<span className={problem.kind === 'advice' ? style.advice : style.wrong}>{text.slice(problem.from, problem.to)}</span>{text.slice(problem.to)}</span>
          {' '}{problem.message}{problem.fix !== undefined && <span className="whitespace-nowrap"> <span aria-label="Instead:">→</span> <span className="mono">{problem.fix}</span></span>}
        </li>
      ))}
    </ul>
  );
}
