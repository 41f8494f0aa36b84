import type { Metric, Spec } from './spec';
import { codecOf, transformOf } from './grammar';
import { metricOf } from './cost';
import { cannot, type Finding } from './problems';

/** What an index must do where it stands: the outermost is added to, searched and saved; one inside Refine( ) scores
 *  single vectors; one inside IVF( ) holds centroids. Faiss builds many that cannot. */
type Duty = 'whole' | 'search' | 'score';

export const checkDuty = (spec: Spec, metric: Metric): Finding[] => duty(spec, metric, 'whole', '');

function duty(spec: Spec, metric: Metric, task: Duty, path: string): Finding[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const here = (finding: Finding): Finding => ({ ...finding, path });
  switch (spec.kind) {
    case 'RCQ': case 'LSCQ': return [here(cannot('add', `${spec.kind} holds no vectors; it is made for ${spec.kind === 'RCQ' ? 'IVF<n>(RCQ…)' : 'nothing the factory can build'}`))];
    case 'TwoLayer': return task === 'score' ? [] : [here(/^(index(\.index)*)?$/.test(path) ? { ...cannot('search', 'Residual is a codec, which only encodes and decodes'), codec: true } : cannot('search', 'Residual only encodes and decodes, and what finds cells or candidates is searched'))];
    case 'MinMax': return [here({ ...cannot('add', 'MinMax only encodes and decodes'), ...(path === '' && whyNoCodes(spec.index) === null ? { codec: true } : {}) })];
    case 'IDMap': {
      const inside = duty(spec.index, metric, task === 'whole' ? 'search' : task, at('index'));
      return task === 'whole' ? inside : [here(cannot('add', `IDMap takes vectors with ids only, and stands inside of an index that gives none`)), ...inside];
    }
    case 'PreTransform': return duty(spec.index, metric, task === 'whole' ? 'search' : task, at('index'));
    case 'IVF': return [...scores(spec, metric, task).map(here), ...(spec.coarse.kind === 'Index' && spec.coarse.index.kind !== 'RCQ' ? duty(spec.coarse.index, metric, 'search', at('coarse.index')) : [])];
    case 'Refine': return [...scores(spec, metric, task).map(here), ...duty(spec.base, metric, 'search', at('base')), ...duty(spec.refine, metric, 'score', at('refine'))];
    case 'RefinePanorama': return [...panoramaOnly(spec.refine).map((f) => ({ ...f, path: at('refine') })), ...scores(spec, metric, task).map(here), ...duty(spec.base, metric, 'search', at('base'))];
    default: return scores(spec, metric, task).map(here);
  }
}

/** Refine asks its index for the distance of single vectors. Classes without one rebuild the vector, for L2 only. */
function scores(spec: Spec, metric: Metric, task: Duty): Finding[] {
  if (task !== 'score' || hasDistances(spec)) return [];
  if (metricOf(spec, metric) === 'L2' && canReconstruct(spec)) return [];
  return [cannot('search', 'the index inside Refine cannot score single vectors, and the process dies of it')];
}

function hasDistances(spec: Spec): boolean {
  switch (spec.kind) {
    case 'Codes': return codecOf(spec.codec).scoresAt.includes('alone');
    case 'Flat': case 'Panorama': case 'HNSW': case 'TwoLayer': case 'PreTransform': return true;
    default: return false;
  }
}

/** Can the index give back an approximation of a vector it holds? */
export function canReconstruct(spec: Spec): boolean {
  switch (spec.kind) {
    case 'IVF': return false;
    case 'PreTransform': return spec.chain.every((transform) => transformOf(transform).reversible(transform)) && canReconstruct(spec.index);
    case 'Refine': case 'RefinePanorama': return canReconstruct(spec.refine);
    case 'IDMap': return spec.version === 2 && canReconstruct(spec.index);
    default: return true;
  }
}

/** What keeps an index from coding vectors and giving them back, as MinMax asks of it: where Faiss's sa_encode or sa_decode stops. */
export function whyNoCodes(spec: Spec): string | null {
  switch (spec.kind) {
    case 'HNSW': case 'NSG': return 'a graph has no code by itself';
    case 'IDMap': return 'IDMap hands no codes on';
    case 'Refine': case 'RefinePanorama': return 'a refinement stands around MinMax, not inside of it';
    case 'IVF': return spec.codec.kind === 'SH' ? 'the bits of a spectral hash give no vector back' : null;
    case 'PreTransform': {
      if (spec.index.kind === 'MinMax') return 'a transform takes a MinMax behind it for trained and does not train it';
      const oneWay = spec.chain.find((transform) => !transformOf(transform).reversible(transform));
      return oneWay ? `${oneWay.kind === 'PCA' ? 'a PCA that whitens' : oneWay.kind} cannot be undone` : whyNoCodes(spec.index);
    }
    default: return null;
  }
}

function panoramaOnly(refine: Spec): Finding[] {
  if (refine.kind !== 'Panorama') return [cannot('search', 'RefinePanorama re-ranks with FlatL2Panorama or FlatIPPanorama only')];
  return refine.batch === 1 ? [] : [cannot('search', 'RefinePanorama needs a Panorama with a batch of 1', `Flat${refine.metric}Panorama${refine.levels}_1`)];
}
