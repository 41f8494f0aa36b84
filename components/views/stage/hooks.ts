import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { readPalette, type Palette } from './palette';

/** What the stage needs to know of the browser: sizes, theme, wishes about motion, and time. */

export function useWidth(element: HTMLElement | null): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => { if (entry) setWidth(Math.round(entry.contentRect.width)); });
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

function onResize(tell: () => void) {
  addEventListener('resize', tell); // zooming the page and moving it to another screen both fire it
  return () => removeEventListener('resize', tell);
}

/** Device pixels per CSS pixel. */
export const useRatio = () => useSyncExternalStore(onResize, () => devicePixelRatio, () => 1);

function onMedia(query: string) {
  return (tell: () => void) => {
    const media = matchMedia(query);
    media.addEventListener('change', tell);
    return () => media.removeEventListener('change', tell);
  };
}

const reduced = '(prefers-reduced-motion: reduce)';
const onReduced = onMedia(reduced);
export const useReducedMotion = () => useSyncExternalStore(onReduced, () => matchMedia(reduced).matches, () => false);

const dark = '(prefers-color-scheme: dark)';
const onDark = onMedia(dark);
function onTheme(tell: () => void) {
  const observer = new MutationObserver(tell);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
  const stop = onDark(tell);
  return () => { observer.disconnect(); stop(); };
}
const themeNow = () => [document.documentElement.dataset.theme, document.documentElement.className, matchMedia(dark).matches].join();

/** Colours as they are on this element now. */
export function usePalette(element: HTMLElement | null): Palette | null {
  const theme = useSyncExternalStore(onTheme, themeNow, () => '');
  const read = useMemo(() => ({ theme, palette: element ? readPalette(element) : null }), [element, theme]);
  return read.palette;
}

/** Calls `frame` with 0 < t ≤ 1 until `ms` have passed. Returns how to stop. */
function animate(ms: number, frame: (t: number) => void): () => void {
  let start = 0;
  let handle = requestAnimationFrame(function next(now) {
    start ||= now;
    const t = ms > 0 ? Math.min(1, (now - start) / ms) : 1;
    frame(t);
    if (t < 1) handle = requestAnimationFrame(next);
  });
  return () => cancelAnimationFrame(handle);
}

const ease = (t: number) => t * t * (3 - 2 * t);

type Fade<T> = { value: T; before: T | null; /** how far the change has come, 0 … 1 */ t: number; /** counts changes */ run: number };

/** The value, the one before it, and how far the change has come. Values that are the `same` picture do not fade. */
export function useFade<T>(value: T, ms: number, same: (a: T, b: T) => boolean): Fade<T> {
  const [fade, setFade] = useState<Fade<T>>({ value, before: null, t: 1, run: 0 });
  if (fade.value !== value) setFade(same(fade.value, value) ? { ...fade, value } : { value, before: fade.value, t: 0, run: fade.run + 1 });
  const { run } = fade;
  useEffect(() => {
    if (run === 0) return;
    return animate(ms, (t) => setFade((now) => (now.run === run ? { ...now, t, before: t < 1 ? now.before : null } : now)));
  }, [run, ms]);
  return fade;
}

type Glide = { target: Float32Array; from: Float32Array; now: Float32Array; at: number };

/** Positions on their way from where they are drawn to `target`; a new target while moving starts from there.
 *  The way between is a tween and claims nothing: only its ends were recorded. */
export function useGlide(target: Float32Array | null, ms: number): Float32Array | null {
  const [glide, setGlide] = useState<Glide | null>(null);
  if (target && glide?.target !== target) {
    const from = glide && glide.now.length === target.length ? glide.now : target;
    setGlide({ target, from, now: from, at: 0 });
  }
  useEffect(() => {
    if (!target) return;
    return animate(ms, (t) => setGlide((now) => (now?.target === target && now.at < 1 ? { ...now, now: t < 1 ? between(now.from, target, ease(t)) : target, at: t } : now)));
  }, [target, ms]);
  return target && (glide?.now ?? target);
}

export function between(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return Float32Array.from(to, (end, i) => (from[i] ?? 0) + (end - (from[i] ?? 0)) * share);
}
