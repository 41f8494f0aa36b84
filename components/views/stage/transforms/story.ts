import type { Step } from '../props';
import { count, measure, percent, plural } from '../words';
import { spreadOfDots } from './turn';
import { betweenName, keepsUnits, momentOf, sum, total, trainingSteps, WAY } from './moment';
import type { Frame, Look, MapLook, Moment, Space, TrainingStep } from './moment';

/** The sentences of the view, each from the numbers of the state it is about. */

const nameOf = (look: Look, at: number) => look.maps[at - 1]?.name ?? 'the data';
const lengths = ({ norms: { least, mean, most } }: Space) => (most - least < 1e-3 * most ? measure(mean) : `${measure(least)} to ${measure(most)}`);
const kept = (before: Frame, after: Frame) => percent(total(after) / (total(before) || 1));

/** What the picture shows now. */
export function captionOf(look: Look, lit: number | null, iteration: number | null): string {
  const moment = momentOf(look, lit, iteration);
  if (!moment) return 'There is no transform before this index.';
  const over = `Measured over ${plural(look.sampled, 'vector')}.`;
  if (moment.round !== null) return `${duringTraining(moment)} ${over}`;
  if (moment.t < 1) return moment.t === 0 ? `${capital(nameOf(look, moment.at))}, before ${moment.map.name}: ${plural(moment.before.d, 'component')}, of which the dots show the first two. ${over}` : `${onTheWay(moment)} The matrices are of the two ends.`;
  return `${whatItDoes(moment)} ${over}`;
}

function onTheWay({ map, t }: Moment): string {
  const path = map.turn && !map.turn.mirrored ? `turned by ${degrees(t * map.turn.angle)} of ${degrees(map.turn.angle)}` : 'each dot on a straight line';
  return `${percent(t)} of the way to the frame of ${map.name}, ${path}: the two ends are ${map.name}’s, the way between them is only drawn.`;
}

const degrees = (radians: number) => `${Number(((radians * 180) / Math.PI).toPrecision(3))}°`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function duringTraining({ map, before, shown, round, drawn }: Moment): string {
  const when = drawn === -1 ? 'before the first round' : `after round ${count((drawn ?? 0) + 1)}`;
  const other = drawn === round ? '' : ' (the nearest rotation that was kept)';
  return `${map.name} as it stood ${when}${other}: ${balance(before, shown)}.`;
}

/** How evenly variance lies, and what is left between parts. */
function balance(before: Frame, after: Frame): string {
  const alike = betweenName(before) === betweenName(after) && before.parts === after.parts;
  const change = (of: (frame: Frame) => string) => (alike ? `${of(before)} → ${of(after)}` : of(after));
  const between = change((frame) => percent(frame.between)), all = betweenName(after) === 'parts' ? `the ${count(after.parts)} parts` : `the ${count(after.d)} components`;
  if (betweenName(after) === 'components') return `imbalance of variance among ${all} ${change((frame) => measure(frame.imbalance))} (1 when all are equal), squared covariance between them ${between}`;
  return `of the variance the codes of ${all} have ${change((frame) => measure(sum(frame.bounds)))} to cover, with an imbalance of ${change((frame) => measure(frame.boundImbalance))} (1 when all are equal); squared covariance between parts ${between}`;
}

function whatItDoes({ map, before, after }: Moment): string {
  const { name } = map, from = count(before.d), to = plural(after.d, 'component');
  switch (map.kind) {
    case 'L2norm': return `${name} divides every vector by its length: ${lengths(before)} before, ${lengths(after)} after. Directions stay.`;
    case 'Pad': return after.d === before.d ? `${name} adds nothing: there are ${to} already.` : `${name} fills ${from} components up to ${count(after.d)} with ${plural(after.d - before.d, 'zero')}; lengths and distances stay.`;
    case 'PCA': return principal(map, before, after);
    case 'OPQ': return `${name} ${after.d === before.d ? `turns ${to}` : `turns and takes ${from} to ${to}, keeping ${kept(before, after)} of the variance`}, strong directions sharing a part with weak ones: ${balance(before, after)}.`;
    case 'ITQ': return `${name} takes the direction from the mean${after.d < before.d ? `, along ${count(after.d)} of ${from} directions` : ''}, and turns it towards the corners of a cube: lengths ${lengths(before)} → ${lengths(after)}; ${balance(before, after)}.`;
    case 'RR': case 'HR': return drawn(map, before, after);
  }
}

function principal({ name, whitens }: MapLook, before: Space, after: Space): string {
  const spread = `${percent(before.between)} → ${percent(after.between)}`;
  const whitened = whitens ? `; each is divided by its spread, so that all variances are near ${measure(total(after) / after.d)}` : `, keeping ${kept(before, after)} of the variance`;
  return `${name} turns to the directions of most variance and takes ${count(after.d)} of ${count(before.d)}${whitened}. Squared covariance between ${betweenName(after)}: ${spread}.`;
}

function drawn({ name, kind }: MapLook, before: Space, after: Space): string {
  const how = kind === 'HR' ? 'turns by three rounds of random signs and a Hadamard matrix' : 'turns at random';
  const size = after.d < before.d ? `, takes ${count(after.d)} of ${count(before.d)} directions and keeps ${kept(before, after)} of the variance` : after.d > before.d ? `, ${count(before.d)} components becoming ${count(after.d)}` : '; lengths and distances stay';
  return `${name} ${how}${size}: ${balance(before, after)}.`;
}

/** The way through the chain, one step of it at a time. */
export function chainSteps(look: Look): Step[] {
  return Array.from({ length: look.maps.length * WAY + 1 }, (_, step): Step => {
    const moment = momentOf(look, step, null);
    if (!moment) return { sentence: '', value: null };
    const end = moment.t === 0 || moment.t === 1;
    return { sentence: end ? arrived(moment, step) : onTheWay(moment), value: spreadOfDots(moment), main: end };
  });
}

function arrived({ map, before, after }: Moment, step: number): string {
  if (step === 0) return `The vectors as they come: ${plural(before.d, 'component')}, lengths ${lengths(before)}; the query’s is ${measure(before.queryNorm)}`;
  return `After ${map.name}: ${plural(after.d, 'component')}, lengths ${lengths(after)}; the query’s is ${measure(after.queryNorm)}${keepsUnits(map) && after.d >= before.d ? ', as before' : ''}`;
}

/** One step a round; `value` is what the round lost. */
export const roundSteps = (look: Look): Step[] => trainingSteps(look).map((step) => ({ sentence: roundOf(step), value: step.training.losses[step.round] ?? null }));

function roundOf({ map, training: { losses, sampled }, round }: TrainingStep): string {
  const { name, kind } = map;
  if (round < 0) return kind === 'OPQ' ? `${name} starts from its first rotation, with ${plural(sampled, 'vector')} to learn from` : `${name} starts from a random rotation, with ${plural(sampled, 'direction')} to learn from`;
  const [loss = 0, before] = [losses[round], losses[round - 1]], change = before === undefined ? '' : `, ${changed(loss, before)}`;
  const head = `Round ${count(round + 1)} of ${count(losses.length)}`;
  return kind === 'OPQ'
    ? `${head}: codebooks of 256 rows a part leave ${measure(loss)}${change}; then the rotation that brings the vectors nearest to their codes`
    : `${head}: directions are ${measure(loss)} from their corners${change}; then a rotation from the products of corners and directions`;
}

/** Changes of a late round are small: two digits. */
function changed(now: number, before: number): string {
  const share = (now - before) / before;
  return share === 0 ? 'as before' : `${Number((Math.abs(share) * 100).toPrecision(2))}\u202f% ${share < 0 ? 'less' : 'more'}`;
}

/** What the value of a round is. */
export const lossName = ({ maps }: Look) => (maps.some(({ kind, training }) => training && kind === 'OPQ') ? 'mean squared error of the product code' : 'mean squared distance to the corner');
