/** Serves a folder of files with the headers that make a page cross-origin isolated (shared memory, threads).
 *  node scripts/serve.mjs out 3000 [--no-headers] [--base /sub] */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.json': 'application/json; charset=utf-8', '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm', '.bin': 'application/octet-stream', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.jpg': 'image/jpeg', '.ico': 'image/x-icon', '.woff2': 'font/woff2', '.woff': 'font/woff', '.webmanifest': 'application/manifest+json',
};
const ISOLATION = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

/** The file a URL path names below root, or null when it points outside. `null` bytes and `..` are outside. */
export function fileFor(root, urlPath, base = '') {
  let name;
  try { name = decodeURIComponent(urlPath); } catch { return null; }
  if (name.includes('\0')) return null;
  if (base) {
    if (name === base) name = '/';
    else if (name.startsWith(`${base}/`)) name = name.slice(base.length);
    else return null;
  }
  const file = path.resolve(root, `.${path.posix.normalize(name.replaceAll('\\', '/'))}`);
  return file === path.resolve(root) || file.startsWith(path.resolve(root) + path.sep) ? file : null;
}

/** `/` and `/learn` are files too: index.html and learn.html, as a static export writes them. */
async function existing(file) {
  for (const candidate of [file, path.join(file, 'index.html'), `${file}.html`]) {
    const info = await stat(candidate).catch(() => null);
    if (info?.isFile()) return { file: candidate, info };
  }
  return null;
}

/** Names with a hash never change their content; everything else is asked for again and answered by its date. */
const cacheFor = (file) => (file.includes(`${path.sep}_next${path.sep}static${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache');

/** One range of bytes, both ends said; any other form is answered by the whole file, as RFC 9110 §14.2 allows. */
function rangeOf(header, size) {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(header ?? '') ?? [];
  const from = Number(first), to = Math.min(Number(last), size - 1);
  return from <= to ? { from, to } : null;
}

async function answer(request, response, { root, headers, base }) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return response.writeHead(405, { allow: 'GET, HEAD' }).end();
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = fileFor(root, pathname, base);
  const found = file && (await existing(file));
  const send = found ?? (await existing(path.join(root, '404')));
  if (!send) return response.writeHead(404, { ...headers, 'content-type': 'text/plain' }).end('Not found');
  const tag = `"${send.info.size.toString(36)}-${send.info.mtimeMs.toString(36)}"`;
  const sent = { ...headers, etag: tag, 'cache-control': cacheFor(send.file) };
  if (found && request.headers['if-none-match'] === tag) return response.writeHead(304, sent).end();
  const { size } = send.info, type = TYPES[path.extname(send.file)] ?? 'application/octet-stream';
  const part = found ? rangeOf(request.headers.range, size) : null;
  const { from, to } = part ?? { from: 0, to: size - 1 };
  response.writeHead(part ? 206 : found ? 200 : 404, {
    ...sent, 'accept-ranges': 'bytes', 'content-type': type, 'content-length': to - from + 1,
    ...(part ? { 'content-range': `bytes ${from}-${to}/${size}` } : {}),
  });
  if (request.method === 'HEAD' || size === 0) return response.end();
  createReadStream(send.file, { start: from, end: to }).on('error', () => response.destroy()).pipe(response);
}

/** Resolves to the listening server. `isolate: false` leaves the headers out, as a plain file host does. */
export function serve(root, port, { isolate = true, base = '', host = '127.0.0.1' } = {}) {
  const headers = { 'x-content-type-options': 'nosniff', ...(isolate ? ISOLATION : {}) };
  return new Promise((resolve, reject) => {
    const server = http.createServer((request, response) => {
      answer(request, response, { root, headers, base }).catch(() => response.destroy());
    });
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flags = process.argv.slice(2);
  const at = flags.indexOf('--base');
  const base = at < 0 ? '' : (flags[at + 1] ?? '');
  const [root = 'out', port = '3000'] = flags.filter((flag, i) => !flag.startsWith('--') && (at < 0 || i !== at + 1));
  await serve(root, Number(port), { isolate: !flags.includes('--no-headers'), base });
  console.log(`${root} on http://127.0.0.1:${port}${base}/`);
}
