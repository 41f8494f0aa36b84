/** The factory language: strings to trees and back, what a tree is worth for some data, and what it costs. Pure and
 *  synchronous; knows nothing of vectors, workers or screens. */
export type * from './spec';
export type { Role, Entry } from './production';
export type { Problem } from './problems';
export { readFactory, LENGTH_CAP, type Reading, type Token } from './read';
export { writeFactory, writeCodec } from './write';
export { checkFactory, type Fit } from './check';
export { costOf, codeSizeOf, dOutOf, metricOf, type Cost } from './cost';
export { trainMin } from './training';
export { ENTRIES } from './grammar';
export { allBlocks, blocksOf, type Block } from './blocks';
export { meaningOf } from './words';
export { knobsOf, type Knob } from './knobs';
export { completionsAt, type Completion } from './completions';
export { explain } from './explain';
export { manuals, MANUAL_D, type Example, type Manual } from './manual';
export { binaryCodeSize, binaryParameters, checkBinaryFactory, readBinaryFactory, writeBinaryFactory, BINARY_ENTRIES } from './binary';
export { pythonOf } from './python';
export { stringInCode } from './paste';
