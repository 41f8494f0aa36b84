import type { Stage } from '@/engine/work';

/** The stages of a search, in order. */
export const stages: readonly Stage[] = ['transform', 'coarse', 'tables', 'scan', 'refine'];

/** What each does, in few words. */
export const stageMeanings: Record<Stage, string> = {
  transform: 'The query goes through the transforms', coarse: 'The nearest lists are found', tables: 'What codes are compared with is made of the query',
  scan: 'Vectors or codes are compared', refine: 'Candidates are ranked again',
};
