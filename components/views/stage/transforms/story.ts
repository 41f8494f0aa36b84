import type { Step } from '../props';
import { count, measure, percent, plural } from '../words';
import { glideOf } from './glide';
import { spreadOfDots } from './turn';
import { betweenName, keepsUnits, momentOf, sum, total, trainingSteps, WAY } from './moment';
import type { Frame, Look, MapLook, Moment, Space, TrainingStep } from './moment';

/** The sentences of the view, each from the numbers of the state it is about. */

const nameOf = (look: Look, at: number) => look.maps[at - 1]?.name ?? 'the data';
const lengths = ({ norms: { least, mean, most } }: Space) => (most - least < 1e-3 * most ? measure(mean) : `${measure(least)} to ${measure(most)}`);
const kept = (before: Frame, after: Frame) => percent(total(after) / (total(before) || 1));
/** Sampling leaves traces of nothing. */
const shareOf = (share: number) => percent(share < 0.0005 ? 0 : share);

/** What the picture shows now. */
export function captionOf(look: Look, lit: number | null, iteration: number | null): string {
  const moment = momentOf(look, lit, iteration);
  if (!moment) return 'There is no transform before this index.';
  const over = `Measured over ${plural(look.sampled, 'vector')}.`;
  if (moment.round !== null) return `${duringTraining(moment)} ${over}`;
  if (moment.t === 0) return `${capital(nameOf(look, moment.at))}, before ${moment.map.name}: ${plural(moment.before.d, 'component')}, of which the dots show the first two. ${over}`;
  return `${whatItDoes(moment)} ${moment.t < 1 ? `The dots are ${percent(moment.t)} of the way.` : over}`;
}

function onTheWay({ map, before, t }: Moment): string {
  return `${percent(t)} of the way from before ${map.name} to after it, ${wayOf(map, before.d)}: a path of ours between two ends that are the map’s`;
}

function wayOf(map: MapLook, d: number): string {
  if (map.turn) return alongTurn(map.turn);
  if (!map.glide || !keepsUnits(map)) return 'every dot on a straight line';
  const [large, small] = glideOf(map.glide).angles;
  return `the plane that is seen turning through ${plural(d, 'dimension')} by ${bare(large)} and ${bare(small)}, each picture a projection of the same vectors`;
}

const bare = (radians: number) => `${Number(((Math.abs(radians) * 180) / Math.PI).toPrecision(3))}°`;

const alongTurn = ({ angle, mirrored }: NonNullable<MapLook['turn']>) => `${mirrored ? 'the second axis turned over, then the plane' : 'the plane'} turned by ${degrees(angle)}`;
const degrees = (radians: number) => `${bare(radians)} ${radians < 0 ? 'clockwise' : 'anticlockwise'}`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function duringTraining({ map, before, shown, round, drawn }: Moment): string {
  const when = drawn === -1 ? 'before the first round' : `after round ${count((drawn ?? 0) + 1)}`;
  const other = drawn === round ? '' : ' (the nearest rotation that was kept)';
  return `${map.name} as it stood ${when}${other}: ${balance(before, shown)}.`;
}

/** An imbalance factor: 1 when all are equal. */
const factor = (value: number) => value.toFixed(2);

/** How evenly variance lies, and what is left between parts. What codes have to cover compares only where parts are equally long. */
function balance(before: Frame, after: Frame): string {
  const alike = before.parts === after.parts && before.d === after.d, change = (of: (frame: Frame) => string) => (alike ? `${of(before)} → ${of(after)}` : of(after));
  const between = before.parts === after.parts || betweenName(before) === betweenName(after) ? `${shareOf(before.between)} → ${shareOf(after.between)}` : shareOf(after.between);
  if (betweenName(after) === 'components') return `imbalance of variance among ${count(after.d)} components ${change((frame) => factor(frame.imbalance))}, squared covariance between them ${between}`;
  return `what codes of the ${count(after.parts)} parts have to cover ${change((frame) => measure(sum(frame.bounds)))}, its imbalance ${change((frame) => factor(frame.boundImbalance))}; squared covariance between parts ${between}`;
}

function whatItDoes({ map, before, after }: Moment): string {
  const { name } = map, from = count(before.d), to = plural(after.d, 'component');
  switch (map.kind) {
    case 'L2norm': return `${name} divides every vector by its length: ${lengths(before)} before, ${lengths(after)} after. Directions stay.`;
    case 'Pad': return after.d === before.d ? `${name} adds nothing: there are ${to} already.` : `${name} fills ${from} components up to ${count(after.d)} with ${plural(after.d - before.d, 'zero')}; lengths and distances stay.`;
    case 'PCA': return principal(map, before, after);
    case 'OPQ': return `${name} ${after.d === before.d ? `turns ${to}` : `turns and takes ${from} to ${to}, keeping ${kept(before, after)} of the variance`}${after.parts < after.d ? ', so that strong directions share a part with weak ones' : map.turn ? `, ${alongTurn(map.turn)}` : ''}: ${balance(before, after)}.`;
    case 'ITQ': return `${name} takes the direction from the mean${after.d < before.d ? `, along ${count(after.d)} of ${from} directions` : ''}, and turns it towards the corners of a cube: lengths ${lengths(before)} → ${lengths(after)}; ${balance(before, after)}.`;
    case 'RR': case 'HR': return drawn(map, before, after);
  }
}

function principal({ name, whitens }: MapLook, before: Space, after: Space): string {
  const spread = `${shareOf(before.between)} → ${shareOf(after.between)}`, all = after.d === before.d;
  const whitened = whitens ? `; each is divided by its spread, so that all variances are near ${measure(total(after) / after.d)}` : all ? '' : `, keeping ${kept(before, after)} of the variance`;
  return `${name} turns to the directions of most variance${all ? '' : ` and takes ${count(after.d)} of ${count(before.d)}`}${whitened}. Squared covariance between ${betweenName(after)}: ${spread}.`;
}

function drawn({ name, kind, turn }: MapLook, before: Space, after: Space): string {
  if (turn) return `${name} turns the plane at random: ${alongTurn(turn)}. Lengths and distances stay; ${balance(before, after)}.`;
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
    return { sentence: end ? arrived(moment, step) : onTheWay(moment), value: spreadOfDots(moment), main: end && look.maps.length > 1 };
  });
}

function arrived({ map, before, after }: Moment, step: number): string {
  if (step === 0) return `The vectors as they come: ${plural(before.d, 'component')}, lengths ${lengths(before)}; the query’s is ${measure(before.queryNorm)}`;
  return `After ${map.name}: ${plural(after.d, 'component')}, lengths ${lengths(after)}; the query’s is ${measure(after.queryNorm)}${Math.abs(after.queryNorm - before.queryNorm) <= 1e-3 * before.queryNorm ? ', as before' : ''}`;
}

/** One step a round; `value` is what the round lost. */
export const roundSteps = (look: Look): Step[] => trainingSteps(look).map((step) => ({ sentence: roundOf(step), value: step.training.losses[step.round] ?? null }));

function roundOf({ map, training: { losses, sampled, balanced }, round }: TrainingStep): string {
  const { name, kind } = map;
  if (round < 0) return kind === 'OPQ' ? `${name} starts from ${balanced ? 'principal axes, shared out evenly among the parts' : 'a random rotation'}, with ${plural(sampled, 'vector')} to learn from` : `${name} starts from a random rotation, with ${plural(sampled, 'direction')} to learn from`;
  const [first = 0, loss = 0, before] = [losses[0], losses[round], losses[round - 1]], change = before === undefined ? '' : `, ${changed(loss, before)}`, all = round > 1 && round === losses.length - 1 ? `; ${changed(loss, first)} than in the first` : '';
  const head = `Round ${count(round + 1)} of ${count(losses.length)}`;
  return kind === 'OPQ'
    ? `${head}: codebooks of 256 rows a part leave ${measure(loss)}${change}; then the rotation that brings the vectors nearest to their codes${all}`
    : `${head}: directions are ${measure(loss)} from their corners${change}; then a rotation from the products of corners and directions${all}`;
}

/** Changes of a late round are small: two digits. */
function changed(now: number, before: number): string {
  const share = (now - before) / before;
  return share === 0 ? 'no more' : `${Number((Math.abs(share) * 100).toPrecision(2))}\u202f% ${share < 0 ? 'less' : 'more'}`;
}

/** What the value of a round is. */
export const lossName = ({ maps }: Look) => (maps.some(({ kind, training }) => training && kind === 'OPQ') ? 'mean squared error of the product code' : 'mean squared distance to the corner');
