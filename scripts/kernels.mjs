// Compiles engine/kernels/assembly to two binaries (plain SIMD and relaxed SIMD) and embeds each as a base64 module:
// no URL to get wrong under a base path, the same import in the browser and in Node. Skips when nothing changed.
import asc from 'assemblyscript/asc';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const source = 'engine/kernels/assembly';
const out = 'engine/kernels/gen';
const stamp = join(out, 'source.sha256');

const common = [
  join(source, 'index.ts'), '--runtime', 'stub', '--noAssert', '-O3', '--converge',
  '--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536',
  '--zeroFilledMemory', '--enable', 'simd', '--enable', 'threads', '--disableWarning', '102',
];
// A module that imports a shared memory cannot take a plain one, so a page without isolation needs builds of its own.
const builds = {
  base: ['--sharedMemory'],
  relaxed: ['--sharedMemory', '--enable', 'relaxed-simd'],
  'base-unshared': [],
};

const hash = createHash('sha256').update(readFileSync('scripts/kernels.mjs'));
for (const file of readdirSync(source).sort()) if (file.endsWith('.ts')) hash.update(readFileSync(join(source, file)));
const digest = hash.digest('hex');

let built = '';
try { built = readFileSync(stamp, 'utf8'); } catch { /* first build */ }
if (built === digest) process.exit(0);

mkdirSync(out, { recursive: true });
for (const [name, flags] of Object.entries(builds)) {
  const wasm = join(out, `${name}.wasm`);
  const { error, stderr } = await asc.main([...common, ...flags, '-o', wasm]);
  if (error) { console.error(stderr.toString()); process.exit(1); }
  const bytes = readFileSync(wasm);
  for (const id of sectionIds(bytes)) if (id === 8 || id === 11) throw new Error(`${name}: a start function or data segment would run again in every thread that shares the memory`);
  writeFileSync(join(out, `${name}.ts`), `export default '${bytes.toString('base64')}';\n`);
  console.log(`kernels ${name}: ${bytes.length} bytes`);
}
writeFileSync(stamp, digest);

/** Ids of a wasm binary's sections, in order: (id, LEB128 size, content)*, after an 8-byte header. */
function sectionIds(bytes) {
  const ids = [];
  for (let at = 8; at < bytes.length;) {
    ids.push(bytes[at++]);
    let size = 0, shift = 0, byte;
    do { byte = bytes[at++]; size |= (byte & 127) << shift; shift += 7; } while (byte & 128);
    at += size;
  }
  return ids;
}
