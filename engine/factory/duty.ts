import type { Metric, Spec } from './spec';
import { codecOf, transformOf } from './grammar';
import { metricOf } from './cost';
import { say, unusable, type Finding } from './problems';

/** What an index must do where it stands: the outermost is added to, searched and saved; one inside Refine( ) scores
 *  single vectors; one inside IVF( ) holds centroids. Faiss builds many that cannot. */
type Duty = 'whole' | 'search' | 'score';

export const checkDuty = (spec: Spec, metric: Metric): Finding[] => duty(spec, metric, 'whole', '');

function duty(spec: Spec, metric: Metric, task: Duty, path: string): Finding[] {
  const at = (key: string) => (path === '' ? key : `${path}.${key}`);
  const here = (finding: Finding): Finding => ({ ...finding, path });
  switch (spec.kind) {
    case 'RCQ': case 'LSCQ': return [here(unusable(say.cannot('add to', `${spec.kind} holds no vectors; it is made for ${spec.kind === 'RCQ' ? 'IVF<n>(RCQ…)' : 'nothing the factory can build'}`)))];
    case 'TwoLayer': return task === 'score' ? [] : [here(unusable(/^(index(\.index)*)?$/.test(path) ? say.codecOnly() : say.cannot('search', 'Residual only encodes and decodes, and what finds cells or candidates is searched')))];
    case 'MinMax': return [here(unusable(say.cannot('add to', 'MinMax only encodes and decodes')))];
    case 'IDMap': {
      const inside = duty(spec.index, metric, task === 'whole' ? 'search' : task, at('index'));
      return task === 'whole' ? inside : [here(unusable(say.cannot('add to', `IDMap takes vectors with ids only, and stands inside of an index that gives none`))), ...inside];
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
  return [unusable(say.cannot('search', 'the index inside Refine cannot score single vectors, and the process dies of it'))];
}

function hasDistances(spec: Spec): boolean {
  switch (spec.kind) {
    case 'Codes': return codecOf(spec.codec).scoresAt.includes('alone');
    case 'Flat': case 'Panorama': case 'HNSW': case 'TwoLayer': case 'PreTransform': return true;
    case 'IVF': return codecOf(spec.codec).scoresAt.includes('fine');
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

function panoramaOnly(refine: Spec): Finding[] {
  if (refine.kind !== 'Panorama') return [unusable(say.cannot('search', 'RefinePanorama re-ranks with FlatL2Panorama or FlatIPPanorama only'))];
  return refine.batch === 1 ? [] : [unusable(say.cannot('search', 'RefinePanorama needs a Panorama with a batch of 1'), `Flat${refine.metric}Panorama${refine.levels}_1`)];
}
