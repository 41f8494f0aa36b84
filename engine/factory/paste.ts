/** The string that a call of Faiss's factory names, as it stands in Python or C++; null where there is none. Also of a call
 *  cut short, as it is while one types. */
export function stringInCode(code: string): string | null {
  const found = /index_(?:binary_)?factory\s*\([^"']*?(?:"((?:[^"\\]|\\.)*)"?|'((?:[^'\\]|\\.)*)'?)/s.exec(code);
  if (!found) return null;
  const text = found[1] ?? found[2];
  return text === undefined || text === '' ? null : text.replace(/\\(.)/gs, '$1');
}

export const isCall = (text: string): boolean => /index_(?:binary_)?factory\s*\(/.test(text);
