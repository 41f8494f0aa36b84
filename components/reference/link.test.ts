import { describe, expect, it } from 'vitest';
import { checkFactory, manuals } from '@/engine/factory';
import { findDataSet } from '@/engine/data/catalogue';
import { readUrl } from '@/state/url';
import { FIGURES, SEED } from './figures';
import { exploreLink, figureLink } from './link';

const examples = manuals().filter(({ binary }) => !binary).flatMap((manual) => manual.examples.map(({ index }) => index));

describe('links into Explore', () => {
  it.each([...new Set(examples)])('%s opens as written, with data it fits as well as any', (index) => {
    const link = exploreLink(index);
    if (!link) throw new Error(`no set is fit for ${index}`);
    const { setting, notices } = readUrl(new URL(link.href, 'http://localhost').search);
    expect(notices).toEqual([]);
    expect(setting.index).toBe(index);
    const set = findDataSet(setting.data);
    expect(checkFactory(index, { d: set?.d ?? 0, metric: setting.metric, n: setting.n }).filter(({ kind }) => kind === 'refused')).toEqual([]);
  });

  it('prefers vectors of real size that are enough to train', () => {
    expect(exploreLink('IVF256,PQ16')?.href).toBe('/?data=photo-sift&n=20000&index=IVF256,PQ16&metric=L2');
    expect(exploreLink('FlatIPPanorama8_64')?.href).toContain('metric=IP');
    expect(exploreLink('IVF4k,PQ16')?.title).toContain('n = ');
  });

  it.each(Object.entries(FIGURES))('the figure of %s opens as it is drawn', (_, recipe) => {
    for (const value of recipe.slider?.values ?? [0]) {
      const { setting, notices } = readUrl(new URL(figureLink(recipe, value), 'http://localhost').search);
      expect(notices).toEqual([]);
      expect([setting.data, setting.n, setting.index, setting.query, setting.seed]).toEqual([recipe.data, recipe.n, recipe.index(value), String(recipe.query), SEED]);
      if (recipe.slider?.name === 'nprobe') expect(setting.nprobe).toBe(value);
    }
  });
});
