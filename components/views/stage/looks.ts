import type { ComponentType } from 'react';
import type { LookAnswer, SearchAnswer } from '@/workers/protocol';
import { codesView } from './codes/view';
import { gridView } from './grid/view';
import { layersView } from './layers/view';
import type { Palette } from './palette';
import type { Step } from './props';
import { ranksView } from './ranks/view';
import { transformsView } from './transforms/view';

/** The views of the stage that are not drawn on a plane: one folder each, one entry each below. A view is a function of
 *  the engine's answer and of what the visitor looks at; the same ids, lists and colours mean the same in all of them. */
export type LookView<L> = {
  Picture: ComponentType<LookProps<L>>;
  /** What the picture shows now, with its numbers. */
  caption: (props: LookProps<L>) => string;
  Legend?: ComponentType<LookProps<L>>;
  tracks: (look: L, search: SearchAnswer | null) => Tracks;
};

/** What can be played: states of training, or of the search of one query. */
export type Tracks = { training: Track | null; search: Track | null };
export type Track = { title: string; valueName: string; steps: Step[] };

export type LookProps<L> = {
  look: L;
  /** Of the same query; null while there is none. */
  search: SearchAnswer | null;
  /** Step of the search's track that is shown; null shows its end. */
  lit: number | null;
  /** Step of the training's track; null shows the finished index and the search. */
  iteration: number | null;
  /** Goes to a step of the track shown. */
  onStep?: (step: number) => void;
  /** Base vector looked at closely, in every view the same. */
  selected: number | null;
  onSelect: (id: number | null) => void;
  /** Takes a base vector as the query. */
  onPick: (id: number) => void;
  hoverList: number | null;
  onHoverList: (list: number | null) => void;
  palette: Palette;
  /** Of each list, as its cells wear it; null where they were not shown. */
  hues: Uint8Array | null;
  /** Of the picture, in CSS pixels. */
  width: number;
  height: number;
};

/** Applies `apply` to the view of an answer. */
export function withView<R>(look: LookAnswer, apply: <L>(view: LookView<L>, look: L) => R): R {
  switch (look.kind) {
    case 'codes': return apply(codesView, look);
    case 'grid': return apply(gridView, look);
    case 'layers': return apply(layersView, look);
    case 'ranks': return apply(ranksView, look);
    case 'transforms': return apply(transformsView, look);
  }
}

export const tracksOf = (look: LookAnswer, search: SearchAnswer | null): Tracks => withView(look, (view, own) => view.tracks(own, search));
