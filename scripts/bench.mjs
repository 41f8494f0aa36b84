// Speeds of this engine, and beside them those of native Faiss where a Python with `import faiss` is at hand (on Debian:
// apt-get install python3-faiss), timed in turn in one run. Writes docs/performance.md.
//   npm run bench -- [STRING…] [--base F --query F] [--quick] [--python P…] [--out FILE]
import { start } from './program.mjs';

await start('bench', [['scripts/kernels.mjs'], ['scripts/data.mjs', '--only', 'photo-sift'], ['scripts/bundle.mjs']]);
