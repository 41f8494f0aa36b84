import type { Looks } from '@/workers/protocol';
import type { Track, Tracks } from '../looks';
import { measure } from '../words';
import { startSteps, stepsOf } from './sums/arrange';
import { additiveSentence, trainingSentence } from './words';
import { lookOf } from './which';

type Look = Looks['codes'];
type Steps = Track['steps'];

/** Codebooks as they were trained; the look-ups of the vector looked at, one by one. Those of a second code follow. */
export function tracksOf(look: Look): Tracks {
  const both = look.second ? [look, lookOf(look, true)] : [look], training = both.flatMap(trainingOf), search = both.flatMap((one, i) => searchOf(one, i === 1));
  return {
    training: training.length ? { title: look.family.kind === 'additive' ? 'Steps' : 'Iterations', valueName: 'mean squared error', steps: training } : null,
    search: search.length ? { title: 'Tables', valueName: 'sum so far', steps: search } : null,
  };
}

function trainingOf({ family }: Look): Steps {
  switch (family.kind) {
    case 'product': return family.training.map(({ objective, sampled }, i) => ({ sentence: trainingSentence(family, i), value: objective / (sampled || 1) }));
    case 'additive': return family.training.map(({ error }, i) => ({ sentence: additiveSentence(family, i), value: error }));
    default: return [];
  }
}

/** The first step is what the sum starts from. */
function searchOf({ sum, selected, metric }: Look, second: boolean): Steps {
  if (!sum) return [];
  const all = stepsOf(sum), terms = all.filter(({ kind }) => kind === 'term'), tables = all.slice(terms.length), last = tables.length, who = `Vector ${selected.id}${second ? ', second code' : ''}`;
  const start = terms.length
    ? terms.map(({ after }, i) => ({ sentence: `${who}: the sum starts from ${terms.slice(0, i + 1).map(({ name, value }) => `${name} ${measure(value)}`).join(', ')}`, value: after }))
    : Array.from({ length: startSteps(sum) }, () => ({ sentence: `${who}: nothing is added yet`, value: 0 }));
  const steps = tables.map(({ name, value, after, table }, i) => ({
    sentence: `${name}, code ${sum.tables[table ?? 0]?.code ?? 0}: ${value < 0 ? '−' : '+'} ${measure(Math.abs(value))} makes ${measure(i === last - 1 ? selected.byCode : after)}${i === last - 1 ? `, the ${metric === 'IP' ? 'inner product' : 'distance'} by ${second ? 'the second code' : 'code'}; in truth it is ${measure(selected.exact)}` : ` (${i + 1} of ${last})`}`,
    value: after,
  }));
  return [...start, ...steps];
}
