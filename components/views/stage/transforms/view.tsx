import { scaleLinear } from 'd3';
import type { Looks } from '@/workers/protocol';
import type { LookProps, LookView } from '../looks';
import { css } from '../palette';
import { count, percent } from '../words';

type Look = Looks['transforms'];
type Space = Look['spaces'][number];

const PAD = 40;

/** Variance of each component, before the chain and after each transform of it. */
function Picture({ look, palette, width, height }: LookProps<Look>) {
  const panel = height / look.spaces.length;
  return (
    <svg width={width} height={height} role="img" aria-label={caption(look)}>
      {look.spaces.map((space, i) => <Bars key={i} space={space} y={i * panel} width={width} height={panel} fill={css(palette.probed)} ink={css(palette.ink)} />)}
    </svg>
  );
}

function Bars({ space, y, width, height, fill, ink }: { space: Space; y: number; width: number; height: number; fill: string; ink: string }) {
  const variance = variances(space), x = scaleLinear([0, space.d], [PAD, width - 16]), up = scaleLinear([0, Math.max(...variance)], [y + height - 12, y + 32]);
  return (
    <g>
      <text x={PAD} y={y + 20} fill={ink} fontSize={12}>{space.after ? `after ${space.after}` : 'the data'}, {count(space.d)} components</text>
      {variance.map((v, j) => <rect key={j} x={x(j)} width={Math.max(1, x(1) - x(0) - 1)} y={up(v)} height={up(0) - up(v)} fill={fill} />)}
    </g>
  );
}

const variances = ({ d, covariance }: Space) => Array.from({ length: d }, (_, j) => covariance[j * d + j] ?? 0);
const total = (space: Space) => variances(space).reduce((sum, v) => sum + v, 0);

function caption({ spaces, sampled }: Look): string {
  const [first, last] = [spaces[0], spaces.at(-1)];
  return first && last ? `${percent(total(last) / total(first))} of the variance is left after the chain, over ${count(sampled)} vectors` : '';
}

export const transformsView: LookView<Look> = { Picture, caption: ({ look }) => caption(look), tracks: () => ({ training: null, search: null }) };
