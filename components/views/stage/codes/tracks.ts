import type { Looks } from '@/workers/protocol';
import type { Track, Tracks } from '../looks';
import { measure } from '../words';
import { stepsOf } from './sums/arrange';
import { trainingSentence } from './words';

/** Codebooks as they were trained; the look-ups of the vector looked at, one by one. */
export function tracksOf(look: Looks['codes']): Tracks {
  return { training: trainingTrack(look), search: searchTrack(look) };
}

function trainingTrack({ family }: Looks['codes']): Track | null {
  if (family.kind !== 'product' || family.training.length === 0) return null;
  const steps = family.training.map(({ objective, sampled }, i) => ({ sentence: trainingSentence(family, i), value: objective / (sampled || 1) }));
  return { title: 'Iterations', valueName: 'mean squared error', steps };
}

/** The first step is what the sum starts from. */
function searchTrack({ sum, selected, metric }: Looks['codes']): Track | null {
  if (!sum) return null;
  const all = stepsOf(sum), terms = all.filter(({ kind }) => kind === 'term'), tables = all.slice(terms.length), last = tables.length;
  const start = terms.length
    ? terms.map(({ after }, i) => ({ sentence: `Vector ${selected.id}: the sum starts from ${terms.slice(0, i + 1).map(({ name, value }) => `${name} ${measure(value)}`).join(', ')}`, value: after }))
    : [{ sentence: `Vector ${selected.id}: nothing is added yet`, value: 0 }];
  const steps = tables.map(({ name, value, after, table }, i) => ({
    sentence: `${name}, code ${sum.tables[table ?? 0]?.code ?? 0}: ${value < 0 ? '−' : '+'} ${measure(Math.abs(value))} makes ${measure(i === last - 1 ? selected.byCode : after)}${i === last - 1 ? `, the ${metric === 'IP' ? 'inner product' : 'distance'} by code; in truth it is ${measure(selected.exact)}` : ` (${i + 1} of ${last})`}`,
    value: after,
  }));
  return { title: 'Tables', valueName: 'sum so far', steps: [...start, ...steps] };
}
