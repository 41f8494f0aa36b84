import type { DataSetName } from './catalogue';
import { synth64, synthBase, synthQueries } from './synth64';
import { makeToy, toys, type ToyName, type Vectors } from './toys';

/** The names in the catalogue that need no file. */
export type GeneratedName = ToyName | 'synth64';

export function isGenerated(name: DataSetName): name is GeneratedName & DataSetName {
  return name === 'synth64' || name in toys;
}

/** n base vectors and the held-out queries of a generated set. The reference set is fixed and takes no seed. */
export function generate(name: GeneratedName, n: number, seed: number): Vectors {
  if (name === 'synth64') return { d: synth64.d, base: synthBase(synth64, n), queries: synthQueries(synth64) };
  return makeToy(name, n, seed);
}
