import { useEffect, useMemo, useState } from 'react';
import { LookStage } from '@/components/views/stage/LookStage';
import { tracksOf } from '@/components/views/stage/looks';
import type { PanelState } from '@/components/views/stage/props';
import { Timeline } from '@/components/views/stage/Timeline';
import { askLook, type LookAnswered, type LookRecipe } from './engine';

type Asked = { of: LookRecipe; answered: LookAnswered | null; wrong: string | null };

const nothing = { training: null, search: null };

/** One of the further views of the stage, drawn from what the real engine answers. */
export function LookExample({ recipe }: { recipe: LookRecipe }) {
  const [selected, onSelect] = useState(recipe.selected ?? null);
  const { answered, wrong } = useLook(recipe, selected);
  const [hoverList, onHoverList] = useState<number | null>(null);
  const [chosen, setChosen] = useState(recipe.iteration ?? recipe.step ?? null);
  const tracks = useMemo(() => (answered ? tracksOf(answered.look, answered.search) : nothing), [answered]);
  const training = recipe.iteration !== undefined, track = training ? tracks.training : tracks.search;
  const last = Math.max(0, (track?.steps.length ?? 1) - 1), step = Math.min(chosen ?? last, last);
  const state: PanelState = wrong ? { kind: 'wrong', message: wrong } : answered ? { kind: 'ready' } : { kind: 'waiting' };
  return (
    <div data-answered={answered !== null}>
      <LookStage look={answered?.look ?? null} search={answered?.search ?? null} state={state} height={recipe.height ?? 420} selected={selected} onSelect={onSelect} onPick={onSelect}
        lit={training || chosen === null ? null : step} iteration={training ? step : null} onStep={setChosen} hoverList={hoverList} onHoverList={onHoverList} />
      {track && track.steps.length > 0 && <Timeline {...track} step={step} onStep={setChosen} />}
    </div>
  );
}

function useLook(recipe: LookRecipe, selected: number | null): Omit<Asked, 'of'> {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => {
    let wanted = true;
    const tell = (answered: LookAnswered | null, wrong: string | null) => { if (wanted) setAsked({ of: recipe, answered, wrong }); };
    askLook(recipe, selected).then((answered) => tell(answered, null), (thrown: unknown) => tell(null, thrown instanceof Error ? thrown.message : String(thrown)));
    return () => { wanted = false; };
  }, [recipe, selected]);
  return asked?.of === recipe ? asked : { answered: null, wrong: null };
}
