import { closeSync, openSync, readSync } from 'node:fs';

const chunkBytes = 4 << 20;

/** The text of a JSON file between `after` and the end of the `count`-th array of numbers that follows it. Such arrays can be
 *  counted by their ends, a digit and "]"; parsing all of a 300 MB file would take over a gigabyte. */
export function readArrays(path: string, after: string, count: number): string {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(chunkBytes);
  try {
    let text = ''; // one character per byte, so a chunk may end within a letter
    let start = -1;
    let end = 0;
    for (let left = count; left > 0; left--) {
      while (start < 0 || endOfArray(text, end) < 0) {
        const bytes = readSync(file, buffer);
        if (bytes === 0) throw new Error(`${path}: ${count - left} arrays of numbers after ${after}, expected ${count}`);
        text += buffer.toString('latin1', 0, bytes);
        if (start < 0 && text.includes(after)) start = end = text.indexOf(after) + after.length;
      }
      end = endOfArray(text, end);
    }
    return Buffer.from(text.slice(start, end), 'latin1').toString('utf8');
  } finally {
    closeSync(file);
  }
}

function endOfArray(text: string, from: number): number {
  let close = text.indexOf(']', from);
  while (close > 0 && !/\d/.test(text.charAt(close - 1))) close = text.indexOf(']', close + 1);
  return close < 0 ? -1 : close + 1;
}
