import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(path.join(tmpdir(), 'serve-'));
const root = path.join(folder, 'out');
const servers: ChildProcess[] = [];

function start(port: number, ...flags: string[]): Promise<void> {
  const server = spawn(process.execPath, ['scripts/serve.mjs', root, String(port), ...flags]);
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.stdout.once('data', () => resolve());
    server.stderr.once('data', (words) => reject(new Error(String(words))));
  });
}

/** As it stands, dots and all: fetch would tidy the path up. */
function get(port: number, urlPath: string, headers: http.OutgoingHttpHeaders = {}): Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    http.get({ host: '127.0.0.1', port, path: urlPath, headers }, (response) => {
      let body = '';
      response.on('data', (part) => { body += String(part); });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    }).on('error', reject);
  });
}

beforeAll(async () => {
  mkdirSync(path.join(root, '_next', 'static'), { recursive: true });
  mkdirSync(path.join(folder, 'out-secret'));
  for (const [name, text] of [['index.html', 'home'], ['learn.html', 'learn'], ['404.html', 'lost'], ['set.bin', 'bin'], ['_next/static/a1b2.js', '1']] as const) writeFileSync(path.join(root, name), text);
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  writeFileSync(path.join(folder, 'out-secret', 'secret.txt'), 'secret');
  await Promise.all([start(3131), start(3132, '--no-headers'), start(3133, '--base', '/sub')]);
});
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true });
});

describe('serve', () => {
  test('pages by name, with the headers of an isolated page', async () => {
    const home = await get(3131, '/?data=glove');
    expect(home).toMatchObject({ status: 200, body: 'home' });
    expect(home.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8', 'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-cache',
    });
    expect((await get(3131, '/learn')).body).toBe('learn');
  });

  test('a range of bytes where both ends are said, the whole file for any other', async () => {
    const part = await get(3131, '/set.bin', { range: 'bytes=1-1' });
    expect(part).toMatchObject({ status: 206, body: 'i' });
    expect(part.headers).toMatchObject({ 'content-range': 'bytes 1-1/3', 'content-length': '1', 'accept-ranges': 'bytes' });
    expect(await get(3131, '/set.bin', { range: 'bytes=1-99' })).toMatchObject({ status: 206, body: 'in' });
    for (const range of ['bytes=3-9', 'bytes=2-1', 'bytes=-1', 'bytes=0-0,2-2', 'lines=0-1']) expect(await get(3131, '/set.bin', { range })).toMatchObject({ status: 200, body: 'bin' });
  });

  test('binary and hashed files, and answers by tag', async () => {
    expect((await get(3131, '/set.bin')).headers['content-type']).toBe('application/octet-stream');
    const script = await get(3131, '/_next/static/a1b2.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await get(3131, '/_next/static/a1b2.js', { 'if-none-match': script.headers.etag })).status).toBe(304);
  });

  test.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/..%5csecret.txt', '/../out-secret/secret.txt', '/%00', '/%zz', '/nothing'])('%s is not there', async (urlPath) => {
    const { status, body } = await get(3131, urlPath);
    expect(status).toBe(404);
    expect(body).toBe('lost');
  });

  test('without headers, as a plain host', async () => {
    expect((await get(3132, '/')).headers).not.toHaveProperty('cross-origin-embedder-policy');
  });

  test('below a base path only', async () => {
    expect((await get(3133, '/sub/')).body).toBe('home');
    expect((await get(3133, '/sub/learn')).body).toBe('learn');
    expect((await get(3133, '/')).status).toBe(404);
    expect((await get(3133, '/subway')).status).toBe(404);
  });
});
