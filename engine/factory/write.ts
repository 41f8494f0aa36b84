import type { CodecSpec, Spec } from './spec';
import { codecOf, transformOf } from './grammar';
import { writeCoarse } from './terms/coarse';
import { writePanorama, writeResidual } from './terms/around';
import { writeBooks } from './terms/additive';

/** What else stands in the string: nothing, something behind (a refinement), or something in front (a transform). */
type Place = 'whole' | 'base' | 'tail';

/** Prints a tree back as Faiss reads it: `readFactory(writeFactory(x)).spec` equals x, for every x that a string can say. */
export const writeFactory = (spec: Spec): string => write(spec, 'whole');

function write(spec: Spec, place: Place): string {
  switch (spec.kind) {
    case 'Flat': return 'Flat';
    case 'Panorama': return writePanorama(spec);
    case 'Codes': return writeCodec(spec.codec);
    case 'RCQ': case 'LSCQ': return `${spec.kind}${writeBooks(spec.books)}`;
    case 'IVF': return `${writeCoarse(spec.nlist, spec.coarse, writeFactory)},${writeCodec(spec.codec)}`;
    case 'HNSW': return `HNSW${spec.M}${writeStorage(spec.storage)}`;
    case 'NSG': return `NSG${spec.R}${writeStorage(spec.storage)}`;
    case 'TwoLayer': return writeResidual(spec);
    case 'PreTransform': return `${spec.chain.map((t) => transformOf(t).write(t)).join(',')},${write(spec.index, 'tail')}`;
    case 'Refine': return `${write(spec.base, 'base')},${spec.exact ? 'RFlat' : `Refine(${writeFactory(spec.refine)})`}`;
    case 'RefinePanorama': return `${write(spec.base, 'base')},RefinePanorama(${writeFactory(spec.refine)})`;
    case 'IDMap': return writeIdMap(spec, place);
    case 'MinMax': return `${spec.half ? 'MinMaxFP16' : 'MinMax'},${write(spec.index, 'tail')}`;
  }
}

/** In front where it can: a suffix is read first, so what follows must not end in one. Behind, where something follows. */
function writeIdMap({ version, index }: Extract<Spec, { kind: 'IDMap' }>, place: Place): string {
  const word = version === 2 ? 'IDMap2' : 'IDMap';
  if (place === 'tail') return `${word},${write(index, 'tail')}`;
  return place === 'base' || index.kind === 'IDMap' ? `${write(index, 'base')},${word}` : `${word},${write(index, 'whole')}`;
}

export const writeCodec = (codec: CodecSpec): string => codecOf(codec).write(codec);

const writeStorage = (storage: CodecSpec): string => storage.kind === 'Flat' ? '' : `,${writeCodec(storage)}`;
