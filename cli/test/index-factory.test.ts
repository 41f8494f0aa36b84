import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { writeBvecs, writeFvecs } from '../../engine/formats/vecs';
import { mulberry32 } from '../../engine/random';

const command = fileURLToPath(new URL('../index-factory.mjs', import.meta.url));
const run = (args: string[], input = '') => spawnSync(process.execPath, [command, ...args], { input, encoding: 'utf8' });

describe('the command line', () => {
  it('answers check line by line and in order', () => {
    const asked = [
      { s: 'IVF256,PQ32', d: 128, metric: 'L2' }, { s: 'IVF256,PX32', d: 128, metric: 'L2' }, { s: 'L2norm,PCAR32,IVF16,SQ8', d: 64, metric: 'IP' },
      { s: 'IVF17(RCQ2x2),Flat', d: 64, metric: 'L2' }, { s: 'BIVF16', d: 64, kind: 'binary' }, { s: 'HNSW32', d: 64 }, { s: 'F'.repeat(100000), d: 64, metric: 'L2' },
    ];
    const { status, stdout, stderr } = run(['check'], asked.map((line) => JSON.stringify(line)).join('\n'));
    const answers = stdout.trim().split('\n').map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(answers).toHaveLength(asked.length);
    expect(answers[0]).toMatchObject({ ok: true, codeSize: 33, dOut: 128, usable: true, tree: { kind: 'IVF' } });
    expect(answers[1]).toEqual({ ok: false, message: 'PX32 is not a term of the language. Did you mean PQ32?', from: 7, to: 11, fix: 'IVF256,PQ32' });
    expect(answers[2]).toMatchObject({ ok: true, codeSize: 33, dOut: 32 });
    expect(answers[3]).toMatchObject({ ok: true, usable: false, message: expect.stringContaining('cannot train') });
    expect(answers[4]).toMatchObject({ ok: true, codeSize: 8 });
    expect(answers[5]).toMatchObject({ ok: true, codeSize: null });
    expect(answers[6]).toMatchObject({ ok: false });
  });

  it('names the line that is no question, and answers the others', () => {
    const { status, stdout, stderr } = run(['check'], '{"s":"Flat","d":4,"metric":"L2"}\nnonsense\n{"s":"Flat","d":8,"metric":"L2"}');
    expect(status).toBe(2);
    expect(stdout.trim().split('\n').map((line) => JSON.parse(line).ok)).toEqual([true, false, true]);
    expect(stderr).toMatch(/^line 2 [^\n]*\n$/);
  });

  it('explains, in lines and as JSON', () => {
    expect(run(['explain', 'IVF256,PQ30']).stdout.split('\n').slice(0, 2)).toEqual(['IVF256,PQ30', '       ^^^^']);
    const facts = JSON.parse(run(['explain', 'OPQ32,IVF256,PQ32,RFlat', '--json']).stdout);
    expect(facts).toMatchObject({ ok: true, usable: true, codeSize: 545, dOut: [] });
    expect(facts.blocks.map((b: { text: string }) => b.text)).toEqual(['OPQ32', 'IVF256', 'PQ32', 'RFlat']);
  });

  it('finds among the bytes of a .bvecs file what it finds among the same numbers in an .fvecs file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'index-factory-')), d = 16, random = mulberry32(5), rows = (n: number) => Uint8Array.from({ length: n * d }, () => random() & random() & 255);
    const base = rows(1_500), query = rows(30), lines: unknown[] = [];
    for (const [kind, write] of [['bvecs', (values: Uint8Array) => writeBvecs({ n: values.length / d, d, values })], ['fvecs', (values: Uint8Array) => writeFvecs({ n: values.length / d, d, values: Float32Array.from(values) })]] as const) {
      const files = [base, query].map((values, i) => { const file = join(folder, `${i}.${kind}`); writeFileSync(file, new Uint8Array(write(values))); return file; });
      const { stdout, stderr } = run(['bench', 'Flat', 'IVF16,PQ4x4', 'HNSW8', '--base', files[0] ?? '', '--query', files[1] ?? '', '--threads', '1', '--json']);
      expect(stderr).toBe('');
      lines.push(stdout.trim().split('\n').map((line) => JSON.parse(line)).map(({ index, recall, ndis, bytes, lost }) => ({ index, recall, ndis, bytes, lost })));
    }
    rmSync(folder, { recursive: true });
    expect(lines[0]).toHaveLength(3);
    expect(lines[0]).toEqual(lines[1]);
  });

  it('counts the work and times the stages of each setting', () => {
    const { status, stdout, stderr } = run(['bench', 'PCA32,IVF16,PQ8,RFlat', 'HNSW8', '--data', 'synth64', '--nb', '2000', '--nq', '20', '--threads', '1', '--set', 'nprobe=4,k_factor_rf=3', '--json']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const [lists, graph] = stdout.trim().split('\n').map((line) => JSON.parse(line));
    expect(lists.counts).toMatchObject({ ndis: lists.ndis, ndisCoarse: 16, ndisRefine: 30, lists: 4, hops: 0 });
    expect(lists.counts.codes).toBeCloseTo(lists.ndis - 46, 6);
    expect(graph.counts).toMatchObject({ ndis: graph.ndis, ndisCoarse: 0, ndisRefine: 0, lists: 0 });
    expect(graph.counts.hops).toBeGreaterThan(10);
    for (const { usPerStage } of [lists, graph]) expect(Object.keys(usPerStage)).toEqual(['transform', 'coarse', 'tables', 'scan', 'refine']);
    for (const us of Object.values(lists.usPerStage)) expect(us).toBeGreaterThan(0);
    expect(graph.usPerStage).toMatchObject({ transform: 0, coarse: 0, refine: 0 });
    for (const field of ['index', 'params', 'recall', 'usPerQuery', 'ndis', 'lost', 'codeSize', 'bytes', 'trainMs', 'addMs', 'threads', 'simd']) expect(lists).toHaveProperty(field);
  });

  it('measures binary strings on bits', () => {
    const { status, stdout, stderr } = run(['bench', 'BIVF16', 'BHash8', '--data', 'synth64', '--nb', '2000', '--nq', '20', '--threads', '1', '--sweep', 'nprobe=1,16', '--json']);
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
    expect(lines.map(({ index, params }) => [index, params.nprobe])).toEqual([['BIVF16', 1], ['BIVF16', 16], ['BHash8', 1], ['BHash8', 16]]);
    expect(lines[0]).toMatchObject({ codeSize: 8, lost: { graph: 0, code: 0 } });
    expect(lines[0].recall['k@k']).toBeLessThan(1);
    expect(lines[1].recall).toEqual({ 'k@k': 1, '1@1': 1, '1@100': 1 });
  });

  it.each([[['no-such']], [['explain']], [['explain', 'Flat', '--d', 'x']], [['explain', 'Flat', '--metric', 'cosine']], [['build', 'Flat']], [['check', 'Flat']], [['bench', 'BFlat', 'Flat', '--data', 'synth64']], [['bench', 'BFlat', '--data', 'blobs']], [['bench', 'BFlat', '--data', 'synth64', '--metric', 'IP']], [['bench', 'BFlat', '--data', 'synth64', '--set', 'k_factor=2']]])('refuses %j in one line, status 2', (args) => {
    const { status, stdout, stderr } = run(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });

  it.each([[['--help']], [['explain', '--help']], [['check', '--help']], [['bench', '--help']], [['build', '--help']]])('helps with %j', (args) => {
    const { status, stdout } = run(args);
    expect(status).toBe(0);
    expect(stdout).toContain('index-factory');
  });
});
