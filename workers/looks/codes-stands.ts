import { decodedAt } from '../../engine/measure/codes';
import { allBits } from './codes-estimate';
import type { Room } from './codes-room';
import type { placeIn } from './codes-room';

/** What a code stands for in the space of the codes; null where bits keep sides and no values. */
export function standsFor(room: Room, place: ReturnType<typeof placeIn>): Float32Array | null {
  const { stored: { codec } } = room;
  switch (codec.kind) {
    case 'LSH': case 'SH': return null;
    case 'RaBitQ': case 'RaBitQfs': case 'EDEN': return allBits(room, codec, place);
    default: return decodedAt(room.engine.own, room.stored, place);
  }
}
