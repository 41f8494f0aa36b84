import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** The variables of the first block opened by this selector. */
function variables(selector: string): Map<string, string> {
  const from = css.indexOf(`${selector} {`);
  const block = css.slice(from, css.indexOf('}', from));
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(([, name = '', value = '']) => [name, value]));
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const words = ['ink', 'ink-2', 'wrong', 'role-transform', 'role-coarse', 'role-code', 'role-graph', 'role-wrapper', 'role-refine', 'found', 'missed', 'query', 'probed'];
const marks = ['control', 'returned', ...Array.from({ length: 8 }, (_, i) => `run-${i}`)];

describe.each([['light', ':root'], ['dark', ":root[data-theme='dark']"]])('%s theme', (_, selector) => {
  const theme = variables(selector);
  const colour = (name: string) => {
    const value = theme.get(name);
    if (!value) throw new Error(`--${name} is not a six-digit colour in ${selector}`);
    return value;
  };

  test.each(words)('%s is read on every ground at 4.5 : 1', (name) => {
    for (const ground of ['bg', 'panel', 'wash']) expect(contrast(colour(name), colour(ground))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(marks)('%s is seen on every ground at 3 : 1', (name) => {
    for (const ground of ['bg', 'panel', 'wash']) expect(contrast(colour(name), colour(ground))).toBeGreaterThanOrEqual(3);
  });
  test('the main button is read at 4.5 : 1', () => {
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5);
  });
  test('runs differ from every other meaning and among themselves', () => {
    const named = ['query', 'probed', 'found', 'missed'].map(colour);
    const runs = marks.filter((name) => name.startsWith('run-')).map(colour);
    expect(new Set([...named, ...runs]).size).toBe(named.length + runs.length);
  });
});
