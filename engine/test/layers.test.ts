import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Who may import whom, beside itself. Types may cross where values may not. */
const below: Record<string, string[]> = {
  engine: [],
  workers: ['engine'],
  cli: ['engine', 'workers'],
  state: ['engine', 'workers'],
  'components/views': ['components/controls'],
  'components/controls': [],
  components: ['state', 'workers', 'engine', 'components/views', 'components/controls'],
  app: ['components', 'components/views', 'components/controls', 'state', 'workers', 'engine'],
};
const layers = Object.keys(below).sort((a, b) => b.length - a.length);
const layerOf = (path: string) => layers.find((layer) => path.startsWith(`${layer}/`));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(test|assembly|gen|dist)\//.test(path));
}

/** Files that a file imports values from. */
function imports(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\s+(?!type\b)[^'"]*?from\s+['"]([^'"]+)['"]/gm)].flatMap(([, target = '']) => {
    if (target.startsWith('@/')) return [target.slice(2)];
    return target.startsWith('.') ? [relative(root, resolve(root, dirname(path), target))] : [];
  });
}

it('imports go down: app → components → state → workers → engine', () => {
  const upward = [...new Set(layers.map((layer) => layer.split('/')[0] ?? ''))].flatMap(sources).flatMap((path) => {
    const own = layerOf(path);
    return imports(path).flatMap((target) => {
      const theirs = layerOf(target);
      if (target.startsWith('components/marks')) return []; // margins and number formats, which everything on screen shares
      if (!own || !theirs || own === theirs || below[own]?.includes(theirs)) return [];
      return [`${path} imports ${target}`];
    });
  });
  expect(upward).toEqual([]);
});

it('the engine knows no page', () => {
  const knowing = sources('engine').filter((path) => /(\bdocument\b|globalThis\.window|\bwindow\.(location|document|addEventListener)|fetch\(|localStorage|from 'react|from 'd3|from 'comlink)/.test(readFileSync(join(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')));
  expect(knowing).toEqual([]);
});

it('nothing is random but by seed', () => {
  const careless = ['engine', 'workers', 'state', 'components', 'app', 'cli'].flatMap(sources).filter((path) => readFileSync(join(root, path), 'utf8').includes('Math.random'));
  expect(careless).toEqual([]);
});
