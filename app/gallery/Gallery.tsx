'use client';

import { useSyncExternalStore, type ComponentType } from 'react';
import { LostExample, TwinExample } from './charts';
import { CellsExample, ManyListsExample, MapExample, NoListsExample, SelectedExample, SliceExample, StatesExample, StripExample, TrainingExample } from './examples';
import style from './gallery.module.css';
import { LookExample } from './LookExample';
import { looks } from './looks';

/** Every view of the stage with a fixed fixture, in both themes: for looking at, and for snapshots. */
const examples: { name: string; title: string; Example: ComponentType }[] = [
  { name: 'cells', title: 'Cells, two dimensions', Example: CellsExample },
  { name: 'slice', title: 'Cells, a slice of sixteen dimensions', Example: SliceExample },
  { name: 'training', title: 'k-means forming', Example: TrainingExample },
  { name: 'map', title: 'Map', Example: MapExample },
  { name: 'selected', title: 'A vector and its true neighbours', Example: SelectedExample },
  { name: 'nolists', title: 'Map, an index without lists', Example: NoListsExample },
  { name: 'many', title: 'Many lists', Example: ManyListsExample },
  { name: 'strip', title: 'All lists by their distance', Example: StripExample },
  { name: 'states', title: 'States of a panel', Example: StatesExample },
  { name: 'lost', title: 'Where the recall went', Example: LostExample },
  { name: 'twin', title: 'The same string on real vectors', Example: TwinExample },
  ...looks.map(({ name, title, recipe }) => ({ name, title, Example: () => <LookExample recipe={recipe} /> })),
];

const onHash = (tell: () => void) => { addEventListener('hashchange', tell); return () => removeEventListener('hashchange', tell); };

/** `#cells` shows one example alone, `#cells-dark` in one theme alone. Nothing before the address is known: what is shown is trained. */
export function Gallery() {
  const hash = useSyncExternalStore(onHash, () => location.hash.slice(1), () => null);
  if (hash === null) return <main className={style.gallery} />;
  const [, only, theme] = /^(.*?)(?:-(light|dark))?$/.exec(hash) ?? [];
  const shown = examples.filter(({ name }) => !only || name === only);
  const themes = ['light', 'dark'].filter((t) => !theme || t === theme);
  return (
    <main className={style.gallery} data-themes={themes.length}>
      {themes.map((t) => (
        <div key={t} data-theme={t} className={t === 'dark' ? style.dark : style.light}>
          {shown.map(({ name, title, Example }) => <section key={name} id={`${name}-${t}`}><h2>{title}</h2><Example /></section>)}
        </div>
      ))}
    </main>
  );
}
