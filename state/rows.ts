/** How one field of the setting is written in the URL and read back. Reading always gives a value that may be used; when
 *  it is not what was written, `wrong` says so to the visitor. */
export type Row<T> = { default: T; print: (value: T) => string; read: (text: string) => Taken<T> };
export type Taken<T> = { value: T; wrong?: string };

export const writeNumber = (value: number) => String(value);

export const clamp = (value: number, [low, high]: readonly [number, number]) => Math.min(high, Math.max(low, value));

/** A whole number between bounds, both included; the nearest one is taken of what lies outside. */
export function wholeNumber(preset: number, limits: readonly [number, number]): Row<number> {
  return {
    default: preset,
    print: writeNumber,
    read(text) {
      const number = Number(text);
      if (text.trim() === '' || Number.isNaN(number)) return { value: preset, wrong: `“${text}” is not a number; ${preset} is used.` };
      const value = clamp(Math.round(number), limits);
      if (value === number) return { value };
      return { value, wrong: `${text} is not a whole number from ${limits[0]} to ${limits[1]}; ${value} is used.` };
    },
  };
}

/** A whole number between bounds, or the word that stands for none. */
export function wholeOrNone(word: string, limits: readonly [number, number]): Row<number | null> {
  const { print, read } = wholeNumber(limits[0], limits);
  return { default: null, print: (value) => (value === null ? word : print(value)), read: (text) => (text === word ? { value: null } : read(text)) };
}

/** One of a few words. */
export function oneOf<const T extends string>(preset: NoInfer<T>, words: readonly T[]): Row<T> {
  return {
    default: preset,
    print: (value) => value,
    read(text) {
      const value = words.find((word) => word.toLowerCase() === text.toLowerCase());
      return value === undefined
        ? { value: preset, wrong: `“${text}” is none of ${words.join(', ')}; ${preset} is used.` }
        : { value };
    },
  };
}
