import { useState } from 'react';
import type { ReactNode } from 'react';
import { CopyButton } from '../controls/CopyButton';

/** A chart's figures, for reading and for copying. */
export type Table = { columns: string[]; rows: (string | number)[][] };

type Props = {
  title: string;
  /** What the chart shows now. */
  caption: string;
  table: Table;
  height: number;
  children: ReactNode;
};

/** A chart with its title, that can be read as a table and copied as CSV. Both have the chart's size. */
export function Figure({ title, caption, table, height, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="min-w-0" aria-label={title}>
      <div className="flex items-center gap-1">
        <h2 className="panel-title mr-auto truncate">{title}</h2>
        <button type="button" className="figure-button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Chart' : 'Table'}<span className="sr-only"> of {title}</span>
        </button>
        <CopyButton className="figure-button" text={() => csv(table)} label="CSV" name={`Copy ${title} as CSV`} />
      </div>
      <div style={{ height }} className="overflow-auto" tabIndex={asTable ? 0 : -1} role="group" aria-label={asTable ? `${title}, table` : title}>
        {asTable ? <Rows table={table} title={title} /> : children}
      </div>
      <figcaption className="label truncate" title={caption}>{caption}</figcaption>
    </figure>
  );
}

function Rows({ table, title }: { table: Table; title: string }) {
  return (
    <table className="w-full text-xs">
      <caption className="sr-only">{title}</caption>
      <thead className="sticky top-0 bg-bg text-ink-2">
        <tr>{table.columns.map((name) => <th key={name} scope="col" className="px-1 text-right font-normal first:text-left">{name}</th>)}</tr>
      </thead>
      <tbody>
        {table.rows.map((row, i) => (
          <tr key={i} className="border-t border-line">
            {row.map((cell, j) => <td key={j} className="px-1 text-right first:text-left">{cell}</td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** RFC 4180. */
function csv({ columns, rows }: Table): string {
  const cell = (value: string | number) => (/[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [columns, ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
}
