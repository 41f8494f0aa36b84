// Recall and bytes of this engine beside those of native Faiss, for every string and setting that is on record. Writes
// docs/agreement.md.
//   npm run agree -- [STRING…] [--set NAME…] [--base F --query F] [--again] [--report] [--write DIR]
import { start } from './program.mjs';

await start('agree', [['scripts/kernels.mjs'], ['scripts/data.mjs']]);
