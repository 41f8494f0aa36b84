/** The engine's one WebAssembly.Memory: fixed in size, so views stay valid and `view.byteOffset` is the pointer a kernel
 *  takes. Regions are handed out first-fit and given back whole; who allocates holds an Arena and releases it once. */
import { refuse } from './refusal';

const ALIGN = 64; // a cache line, so that two threads never write to the same one
const PAGE = 65536;

export type EngineMemory = {
  memory: WebAssembly.Memory; bytes: number; holes: { at: number; bytes: number }[];
  /** Bytes handed out, and the most that were at once since `peakOf` was last called. */
  used: number; peak: number;
};

/** Takes the largest of the wanted sizes that the machine grants. Untouched pages cost nothing on most systems. */
export function openMemory(wanted: number[], shared: boolean): EngineMemory {
  for (const size of wanted) {
    const pages = Math.min(65536, Math.floor(size / PAGE));
    try {
      const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
      // Address 0 stays unused: kernels read it as "none".
      return { memory, bytes: pages * PAGE, holes: [{ at: ALIGN, bytes: pages * PAGE - ALIGN }], used: 0, peak: 0 };
    } catch { /* try the next smaller size */ }
  }
  return refuse(`This browser does not grant ${formatBytes(wanted.at(-1) ?? 0)} of memory to the page. Close other tabs and reload.`);
}

export type Arena = {
  memory: EngineMemory;
  regions: { at: number; bytes: number }[];
};

export function openArena(memory: EngineMemory): Arena {
  return { memory, regions: [] };
}

/** Bytes at an aligned address; refuses with what is needed and what is left. Content is not cleared. */
export function take(arena: Arena, bytes: number, what = 'this step'): number {
  const size = Math.max(ALIGN, Math.ceil(bytes / ALIGN) * ALIGN);
  const { holes } = arena.memory;
  const index = holes.findIndex((hole) => hole.bytes >= size);
  const hole = holes[index];
  if (!hole) {
    const free = holes.reduce((sum, h) => sum + h.bytes, 0);
    refuse(`Not enough memory for ${what}: it needs ${formatBytes(bytes)}, ${formatBytes(free)} of ${formatBytes(arena.memory.bytes)} are free. Fewer vectors, fewer dimensions or a smaller code would fit.`);
  }
  const region = { at: hole.at, bytes: size };
  hole.at += size;
  hole.bytes -= size;
  if (hole.bytes === 0) holes.splice(index, 1);
  arena.regions.push(region);
  arena.memory.used += size;
  arena.memory.peak = Math.max(arena.memory.peak, arena.memory.used);
  return region.at;
}

export const takeF32 = (arena: Arena, n: number, what?: string) => new Float32Array(arena.memory.memory.buffer, take(arena, n * 4, what), n);
export const takeI32 = (arena: Arena, n: number, what?: string) => new Int32Array(arena.memory.memory.buffer, take(arena, n * 4, what), n);
export const takeU32 = (arena: Arena, n: number, what?: string) => new Uint32Array(arena.memory.memory.buffer, take(arena, n * 4, what), n);
export const takeU8 = (arena: Arena, n: number, what?: string) => new Uint8Array(arena.memory.memory.buffer, take(arena, n, what), n);

/** Gives all regions back; neighbours are joined. Views into them must not be used any more. */
export function release(arena: Arena): void {
  const { holes } = arena.memory;
  for (const region of arena.regions.splice(0)) {
    arena.memory.used -= region.bytes;
    let i = holes.findIndex((hole) => hole.at > region.at);
    if (i < 0) i = holes.length;
    holes.splice(i, 0, { ...region });
    joinHoles(holes, i);
    if (i > 0) joinHoles(holes, i - 1);
  }
}

function joinHoles(holes: EngineMemory['holes'], i: number): void {
  const a = holes[i], b = holes[i + 1];
  if (!a || !b || a.at + a.bytes !== b.at) return;
  a.bytes += b.bytes;
  holes.splice(i + 1, 1);
}

/** Begins to watch: the answer tells the most that has been in use at once since. */
export function peakOf(memory: EngineMemory): () => number {
  memory.peak = memory.used;
  return () => memory.peak;
}

export function freeBytes(memory: EngineMemory): number {
  return memory.holes.reduce((sum, hole) => sum + hole.bytes, 0);
}

/** 1 234 567 → "1.23 MB": three significant digits, decimal units. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes, unit = 0;
  while (value >= 999.5 && unit < units.length - 1) { value /= 1000; unit++; }
  return `${unit === 0 ? value : Number(value.toPrecision(3))} ${units[unit]}`;
}
