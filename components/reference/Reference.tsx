'use client';
import { useEffect, useState } from 'react';
import { unbuilt } from '@/engine/buildable';
import { manuals, readFactory, type Manual } from '@/engine/factory';
import { ThemeButton } from '../controls/ThemeButton';
import { Places } from '../Places';
import { anchorOf, groupOf, GROUPS, matches } from './filter';
import { Legend } from './Legend';
import style from './reference.module.css';
import { Term } from './Term';

const terms = manuals();

/** Every term of the language, from the one table the parser reads by. */
export function Reference() {
  const [typed, setTyped] = useState('');
  const shown = new Set(matches(terms, typed));
  useEffect(() => {
    // A link to a term that the filter hides brings all of them back.
    const toTerm = () => setTyped((text) => (terms.some((term) => anchorOf(term.entry.name) === decodeURIComponent(location.hash.slice(1)) && !matches(terms, text).includes(term)) ? '' : text));
    addEventListener('hashchange', toTerm);
    return () => removeEventListener('hashchange', toTerm);
  }, []);
  return (
    <>
      <header className="flex h-12 items-center gap-4 border-b border-line px-4 wide:px-6">
        <p className="text-lg font-semibold tracking-tight whitespace-nowrap max-sm:hidden">Index Factory</p>
        <Places current="Reference" />
        <div className="ml-auto"><ThemeButton /></div>
      </header>
      <div className={style.page}>
        <nav className={style.side} aria-label="Terms">
          <label className={style.filter}>
            <span className="label">Filter terms, or paste a string</span>
            <input className="control mono" type="search" value={typed} placeholder="PQ" spellCheck={false} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          </label>
          <p className="label" role="status">{shown.size} of {terms.length} terms</p>
          <div className={style.index}>{GROUPS.map(({ key, title }) => <IndexGroup key={key} title={title} terms={terms.filter((term) => groupOf(term) === key && shown.has(term))} />)}</div>
        </nav>
        <main className={style.main}>
          <h1 className="text-2xl font-semibold">Reference</h1>
          <p className={style.lead}>Each word of a Faiss factory string: what it builds, what it costs, what it needs. Figures are built and searched by the engine in this tab, on vectors of two dimensions so that nothing is projected. Two dimensions flatter every index; the examples open in Explore on vectors of real size.</p>
          <Legend />
          {shown.size === 0 && <p className={style.lead}>No term has “{typed}”. Clear the filter to see all.</p>}
          {GROUPS.map(({ key, title, about }) => {
            const own = terms.filter((term) => groupOf(term) === key);
            return (
              <section key={key} aria-labelledby={`group-${key}`} hidden={!own.some((term) => shown.has(term))}>
                <h2 id={`group-${key}`} className={style.group}>{title}</h2>
                <p className={style.about}>{about}</p>
                {own.map((term) => <div key={term.entry.name} hidden={!shown.has(term)}><Term manual={term} missing={missingIn(term)} /></div>)}
              </section>
            );
          })}
        </main>
      </div>
    </>
  );
}

function IndexGroup({ title, terms: own }: { title: string; terms: Manual[] }) {
  if (own.length === 0) return null;
  return (
    <div>
      <p className="label">{title}</p>
      <ul>{own.map(({ entry }) => <li key={entry.name}><a className={`mono role-${entry.role}`} href={`#${anchorOf(entry.name)}`}>{entry.name}</a></li>)}</ul>
    </div>
  );
}

/** Which of a term's examples the engine cannot build: all of them, or it is not said. */
function missingIn({ binary, examples }: Manual): string | null {
  if (binary) return 'binary vectors';
  const missing = examples.map(({ index }) => {
    const { spec } = readFactory(index);
    return spec && unbuilt(spec);
  });
  return missing.every(Boolean) ? missing[0] ?? null : null;
}
