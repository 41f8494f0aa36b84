/** After the export: every page says which scripts it trusts. Inline scripts differ per page and build, so they are named
 *  by hash. node scripts/csp.mjs out */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const INLINE = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;
const META = /<meta http-equiv="Content-Security-Policy"[^>]*>/g;

/** The page with its policy first in <head>; a policy already there is replaced. */
export function withPolicy(html) {
  const bare = html.replace(META, '');
  const hashes = new Set();
  for (const [, script = ''] of bare.matchAll(INLINE)) hashes.add(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  const policy = [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ');
  return bare.replace(/<head[^>]*>/, (head) => `${head}<meta http-equiv="Content-Security-Policy" content="${policy}">`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? 'out';
  const pages = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.html'));
  for (const name of pages) {
    const file = path.join(folder, name);
    writeFileSync(file, withPolicy(readFileSync(file, 'utf8')));
  }
  console.log(`content security policy written into ${pages.length} pages`);
}
