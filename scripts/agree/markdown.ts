/** A table of Markdown; columns of `text` stand to the left, the others are figures. */
export function table(titles: readonly string[], rows: string[][], text: readonly number[] = [0, 4]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map((_, i) => (text.includes(i) ? '---' : '--:'))), ...rows.map(line)];
}
