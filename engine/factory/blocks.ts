import type { CodecSpec, Metric, Spec, TransformSpec } from './spec';
import type { Entry, Role } from './production';
import { codecOf, COARSE, transformOf } from './grammar';
import { codeSizeOf } from './cost';
import { listBytes } from './numbers';
import { writeCodec, writeFactory } from './write';
import { writeCoarse } from './terms/coarse';
import { CoarseCodes, FlatIndex, IDMap, MinMax, Panorama, Refine, RefinePanorama, RFlat, TwoLayer } from './terms/around';
import { HNSW, NSG } from './terms/graphs';

/** One term of the stack, with what flows through it: `512 B ──OPQ32── 512 B ──IVF256──[cell id]──PQ32── 32 B`. */
export type Block = {
  name: string;
  role: Role;
  /** The term as written. */
  text: string;
  meaning: string;
  limits: string;
  paper?: string;
  /** Node of the tree, as in tokens. */
  path: string;
  dIn: number;
  dOut: number;
  /** Bytes of one vector before and after. A coarse quantizer passes the vector on and adds `idBytes` of cell number. */
  bytesIn: number;
  bytesOut: number;
  idBytes: number;
  params: { [name: string]: number | string | boolean };
  /** The index in its parentheses, and where it hangs below the block's node. */
  inner?: { key: string; index: Spec };
};

type Flow = { d: number; bytes: number; path: string; metric: Metric };

/** The stack in the order a vector passes it. */
export const blocksOf = (spec: Spec, d: number, metric: Metric): Block[] => stack(spec, { d, bytes: 4 * d, path: '', metric });

/** With those of indexes in parentheses, at their own nodes. What stands inside of a refinement starts with the same vector. */
export const allBlocks = (spec: Spec, d: number, metric: Metric): Block[] => blocksOf(spec, d, metric).flatMap((one) => [one, ...innerBlocks(one, metric)]);

function innerBlocks({ inner, path, dIn }: Block, metric: Metric): Block[] {
  if (!inner) return [];
  const node = path.replace(/(?:^|\.)coarse$/, '');
  return allBlocks(inner.index, dIn, metric).map((one) => ({ ...one, path: [node, inner.key, one.path].filter(Boolean).join('.') }));
}

const key = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

function stack(spec: Spec, flow: Flow): Block[] {
  const one = (entry: Entry, text: string, bytesOut: number, node: object = spec): Block[] => [block(entry, text, flow, flow.d, bytesOut, node)];
  switch (spec.kind) {
    case 'Flat': return one(FlatIndex, 'Flat', 4 * flow.d);
    case 'Panorama': return one(Panorama, writeFactory(spec), 4 * flow.d);
    case 'Codes': return [codecBlock(spec.codec, { ...flow, path: key(flow.path, 'codec') })];
    case 'RCQ': case 'LSCQ': return one(CoarseCodes, writeFactory(spec), 0);
    case 'IVF': return cells(spec, flow);
    case 'HNSW': return graph(HNSW, `HNSW${spec.M}`, spec, spec.storage, flow, 8 * spec.M + 12);
    case 'NSG': return graph(NSG, `NSG${spec.R}`, spec, spec.storage, flow, 4 * spec.R);
    case 'TwoLayer': return one(TwoLayer, writeFactory(spec), codeSizeOf(spec, flow.d, flow.metric) ?? 0);
    case 'PreTransform': return chain(spec.chain, spec.index, flow);
    case 'Refine': case 'RefinePanorama': return refined(spec, flow);
    case 'IDMap': return after(stack(spec.index, { ...flow, path: key(flow.path, 'index') }), flow, IDMap, spec.version === 2 ? 'IDMap2' : 'IDMap', 8, spec);
    case 'MinMax': {
      const head = block(MinMax, spec.half ? 'MinMaxFP16' : 'MinMax', flow, flow.d, flow.bytes + (spec.half ? 4 : 8), spec);
      return [head, ...stack(spec.index, { ...flow, path: key(flow.path, 'index') })];
    }
  }
}

function block({ name, role, meaning, limits, paper }: Entry, text: string, flow: Flow, dOut: number, bytesOut: number, node: object, idBytes = 0): Block {
  const params = Object.fromEntries(Object.entries(node).filter(([k, v]) => k !== 'kind' && typeof v !== 'object'));
  return {
    name, role, text, meaning, limits, ...(paper === undefined ? {} : { paper }), path: flow.path,
    dIn: flow.d, dOut, bytesIn: flow.bytes, bytesOut, idBytes, params,
  };
}

const codecBlock = (codec: CodecSpec, flow: Flow): Block =>
  block(codecOf(codec), writeCodec(codec), flow, flow.d, codecOf(codec).bytes(codec, flow.d, flow.metric), codec);

function chain(transforms: TransformSpec[], index: Spec, flow: Flow): Block[] {
  const blocks: Block[] = [];
  let d = flow.d;
  transforms.forEach((transform, i) => {
    const production = transformOf(transform);
    const dOut = production.dOut(transform, d);
    blocks.push(block(production, production.write(transform), { ...flow, d, bytes: 4 * d, path: key(flow.path, `chain.${i}`) }, dOut, 4 * dOut, transform));
    d = dOut;
  });
  return [...blocks, ...stack(index, { ...flow, d, bytes: 4 * d, path: key(flow.path, 'index') })];
}

function cells({ nlist, coarse, codec }: Extract<Spec, { kind: 'IVF' }>, flow: Flow): Block[] {
  const at = { ...flow, path: key(flow.path, 'coarse') };
  const head = block(COARSE[coarse.kind], writeCoarse(nlist, coarse, writeFactory), at, flow.d, flow.bytes, { nlist, ...coarse }, listBytes(nlist));
  const held = coarse.kind === 'Index' ? { ...head, inner: { key: 'coarse.index', index: coarse.index } } : head;
  return [held, codecBlock(codec, { ...flow, path: key(flow.path, 'codec') })];
}

/** A graph keeps codes and links: its bytes are counted on the graph's own block, behind the storage. */
function graph(entry: Entry, text: string, spec: Spec, storage: CodecSpec, flow: Flow, linkBytes: number): Block[] {
  const stored = codecBlock(storage, { ...flow, path: key(flow.path, 'storage') });
  const links = block(entry, text, { ...flow, bytes: stored.bytesOut }, flow.d, stored.bytesOut + linkBytes, spec);
  return storage.kind === 'Flat' ? [{ ...links, bytesIn: flow.bytes }] : [stored, links];
}

function refined(spec: Extract<Spec, { kind: 'Refine' | 'RefinePanorama' }>, flow: Flow): Block[] {
  const base = stack(spec.base, { ...flow, path: key(flow.path, 'base') });
  const fine = stack(spec.refine, { ...flow, path: key(flow.path, 'refine') }).at(-1)?.bytesOut ?? 0;
  const exact = spec.kind === 'Refine' && spec.exact;
  const entry = spec.kind === 'RefinePanorama' ? RefinePanorama : exact ? RFlat : Refine;
  const blocks = after(base, flow, entry, exact ? 'RFlat' : `${spec.kind}(${writeFactory(spec.refine)})`, fine, spec);
  return exact ? blocks : blocks.map((one) => (one.path === flow.path ? { ...one, inner: { key: 'refine', index: spec.refine } } : one));
}

/** A block behind a stack, adding bytes to what the stack keeps. */
function after(blocks: Block[], flow: Flow, entry: Entry, text: string, added: number, node: object): Block[] {
  const bytes = blocks.at(-1)?.bytesOut ?? flow.bytes;
  return [...blocks, block(entry, text, { ...flow, bytes }, flow.d, bytes + added, node)];
}
