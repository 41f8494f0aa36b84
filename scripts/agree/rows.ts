/** All rows on record: the reference's, and those of further sets that native.py made. */
import type { Row } from '../../engine/test/figures';
import { asRows, reference } from '../../engine/test/figures';
import native from './native.json';

/** Sets as the document names them. */
export const setTitles: Record<string, string> = { synth64: 'synth64', 'photo-sift': 'photo-sift', glove: 'GloVe', 'fashion-mnist': 'Fashion-MNIST' };

export const setSizes: Record<string, { n: number; d: number; nq: number }> = native.sets;

export const rows: Row[] = [...reference, ...asRows(native.rows)];

/** Rows of which native Faiss was trained more often than in the reference. */
export const wider = asRows(native.wider.map((row) => ({ codeSize: 0, bytes: [], ...row })));

/** Whether Faiss's own statistics of this row are on record. */
export const isCounted = ({ set, metric, s }: Row): boolean => set === 'synth64' && metric === 'L2' && native.counts.some((counts) => counts.s === s);
