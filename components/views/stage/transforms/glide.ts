import type { Frame, MapLook } from './moment';

/** The way from one plane of a space to another: both planes are turned into each other by their two principal angles, so that every
 *  picture between is a projection of the same vectors onto two directions at right angles (cf. Li, Zhao & Scheidegger, Distill 2020,
 *  whose way is straight). Of E (2, d), the first two axes before, and R (2, d), those after, only their products C = E·Rᵀ are needed:
 *    C = U·S·Vᵀ, U and V rotations (one s may be negative), and with a = Uᵀ·E·x, b = Vᵀ·R·x
 *    F(t)·x = W(t)·[sin((1−t)·θ_i)·a_i + sin(t·θ_i)·b_i] / sin θ_i,  cos θ_i = s_i,  W turning from U to V. */

type Place = Frame['query'];
type Glide = NonNullable<MapLook['glide']>;

export type Gliding = {
  /** The two angles between the planes, largest first. */
  angles: [number, number];
  place: (before: Place, after: Place, t: number) => Place;
};

export function glideOf({ overlap: [a, b, c, d], shift }: Glide): Gliding {
  // rotations by u and by v, and what is left between them
  const [e, f, g, h] = [(a + d) / 2, (a - d) / 2, (c + b) / 2, (c - b) / 2], sum = Math.hypot(e, h), rest = Math.hypot(f, g), one = Math.atan2(g, f), two = Math.atan2(h, e);
  const u = (two + one) / 2, turn = -two, angles = [sum - rest, sum + rest].map((s) => Math.acos(Math.min(1, Math.max(-1, s)))), [small = 0, large = 0] = angles;
  const place = (before: Place, after: Place, t: number): Place => {
    const from = turned(before, -u), to = turned({ x: after.x - shift.x, y: after.y - shift.y }, -(u + turn));
    const { x, y } = turned({ x: between(from.x, to.x, large, t), y: between(from.y, to.y, small, t) }, u + t * turn);
    return { x: x + t * shift.x, y: y + t * shift.y };
  };
  return { angles: [Math.max(small, large), Math.min(small, large)], place };
}

/** Along an arc of this angle; straight where the arc is none, or half a circle, whose plane is not known. */
function between(a: number, b: number, angle: number, t: number): number {
  const sine = Math.sin(angle);
  return sine < 1e-4 ? a + t * (b - a) : (Math.sin((1 - t) * angle) * a + Math.sin(t * angle) * b) / sine;
}

function turned({ x, y }: Place, angle: number): Place {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return { x: cos * x - sin * y, y: sin * x + cos * y };
}
