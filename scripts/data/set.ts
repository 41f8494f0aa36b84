import type { Dtype } from '../../engine/data/prepared';

/** What scripts/data.mjs asks of a set's module: `packages`, and `prepare(options)`. */
export type PrepareOptions = {
  /** The small tier, for continuous integration. */
  quick: boolean;
  log: (line: string) => void;
};

export type PreparedFiles = {
  n: number;
  nq: number;
  d: number;
  dtype: Dtype;
  /** By path under public/data: bytes as they are, anything else as JSON. */
  files: Record<string, Uint8Array | object>;
};
