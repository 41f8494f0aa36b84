/** Where in a photo a descriptor was taken. `scale` is the σ of the blur it was found at, in the photo's pixels; `angle` in
 *  radians, counter-clockwise as one sees it. */
export type Place = { photo: number; x: number; y: number; scale: number; angle: number };

/** Ten bytes per place: photo, 32·x, 32·y, 256·scale and the angle in 65536ths of a turn, as little-endian uint16. So photos
 *  are under 2048 pixels a side, and scales under 256. */
export const placeBytes = 10;

export function writePlaces(places: readonly Place[]): Uint8Array {
  const bytes = new Uint8Array(places.length * placeBytes);
  const view = new DataView(bytes.buffer);
  places.forEach(({ photo, x, y, scale, angle }, i) => {
    const turns = angle / (2 * Math.PI);
    const words = [photo, 32 * x, 32 * y, 256 * scale, 65536 * (turns - Math.floor(turns))].map(Math.round);
    words.forEach((word, j) => view.setUint16(i * placeBytes + 2 * j, word, true));
  });
  return bytes;
}

export function readPlace(bytes: Uint8Array, i: number): Place {
  const view = new DataView(bytes.buffer, bytes.byteOffset + i * placeBytes, placeBytes);
  const word = (j: number) => view.getUint16(2 * j, true);
  return { photo: word(0), x: word(1) / 32, y: word(2) / 32, scale: word(3) / 256, angle: (word(4) / 65536) * 2 * Math.PI };
}
