import { describe, expect, it } from 'vitest';
import { unbuilt } from '@/engine/buildable';
import { blocksOf, checkFactory, knobsOf, manuals, readFactory } from '@/engine/factory';
import { FIGURES } from './figures';

const names = manuals().map(({ entry }) => entry.name);

describe('figures', () => {
  it('are there for every code, graph, transform and refinement, and for what stands around them', () => {
    expect(Object.keys(FIGURES)).toEqual(expect.arrayContaining(['Residual', 'MinMax']));
    expect(manuals().filter(({ binary, entry }) => !binary && !(entry.name in FIGURES)).map(({ entry }) => entry.name)).toEqual([]);
  });

  it('belong to terms of the table', () => {
    expect(Object.keys(FIGURES).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(Object.entries(FIGURES))('%s is in its own figure, which the engine builds, at every value of its slider', (name, recipe) => {
    for (const value of recipe.slider?.values ?? [0]) {
      const index = recipe.index(value), { spec } = readFactory(index);
      if (!spec) throw new Error(`${index} is not read`);
      expect(unbuilt(spec)).toBeNull();
      expect(checkFactory(index, { d: 2, metric: 'L2', n: recipe.n }).filter(({ kind, step, codec }) => kind === 'refused' || (kind === 'unusable' && step !== 'save' && !codec))).toEqual([]);
      expect(index.includes(name) || blocksOf(spec, 2, 'L2').some((block) => block.name === name)).toBe(true);
      if (['nprobe', 'efSearch', 'k_factor_rf', 'k_factor'].includes(recipe.slider?.name ?? '')) expect(knobsOf(spec, 2).map((knob) => knob.name)).toContain(recipe.slider?.name);
    }
  });
});
