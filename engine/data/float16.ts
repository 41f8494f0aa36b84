/** IEEE 754 half precision as bits in a Uint16Array: sign 1, exponent 5, fraction 10. JavaScript has no such array yet
 *  wherever this runs. Values beyond ±65504 become infinite; the smallest step near 1 is 2⁻¹⁰. */

/** The value of every half-precision bit pattern, made at first use: 256 KB, and a row is unpacked by look-up alone. */
let values: Float32Array | undefined; // (65536)

export function float16Table(): Float32Array {
  values ??= Float32Array.from({ length: 65536 }, (_, bits) => valueOf(bits));
  return values;
}

function valueOf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/** The nearest half-precision bits, ties to even. */
export function toFloat16(value: number): number {
  scratch[0] = value;
  const bits = scratchBits[0] ?? 0;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // not a number
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and above
  // Below 2⁻¹⁴ halves are evenly spaced by 2⁻²⁴; adding 0.5 lets float32's own rounding do the work at that spacing.
  if (magnitude < 0x38800000) {
    scratch[0] = Math.abs(value) + 0.5;
    return sign | ((scratchBits[0] ?? 0) - 0x3f000000);
  }
  // Rebias the exponent (127 → 15) and round away 13 bits; a carry runs on into the exponent, up to infinity.
  const odd = (magnitude >>> 13) & 1;
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13);
}
