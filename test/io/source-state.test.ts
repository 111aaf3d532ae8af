import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileSource } from '../../src/io/file-source.node.js';
import { httpSource, memorySource, type RangeSource } from '../../src/io/index.js';
import { offsetBytes } from './offset-bytes.js';
import { containing } from './expected.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-state-'));
const path = join(folder, 'a.bin');
const bytes = offsetBytes(200_000);
beforeEach(() => writeFileSync(path, bytes));
afterAll(() => rmSync(folder, { recursive: true }));

/** Answers ranges with what `headers` gives for request 0, 1, 2 ... */
function http(headers: (request: number) => Record<string, string>, size = (request: number): number => (request < 0 ? 0 : bytes.length)): { readonly source: RangeSource; readonly requests: () => number } {
  let count = 0;
  const fetch = (_: string, init: RequestInit): Promise<Response> => {
    const request = count++;
    const [first, last] = new Headers(init.headers).get('Range')!.slice(6).split('-').map(Number) as [number, number];
    const total = size(request);
    if (first >= total) return Promise.resolve(new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${total}` } }));
    const end = Math.min(last, total - 1);
    return Promise.resolve(new Response(bytes.slice(first, end + 1), { status: 206, headers: { ...headers(request), 'Content-Range': `bytes ${first}-${end}/${total}` } }));
  };
  return { source: httpSource('http://host/a.bin?signature=secret', { fetch }), requests: () => count };
}
const far = [{ offset: 150_000, length: 10 }];

test('the tag of a file is its time of change in nanoseconds; memory has none', async () => {
  utimesSync(path, 1, 1_700_000_000.5);
  const source = fileSource(path);
  expect(await source.tag()).toBe('mtime:1700000000500000000');
  await source.expect({ sizeBytes: bytes.length, tag: undefined });
  await source.expect({ sizeBytes: bytes.length, tag: 'etag:"of a mirror"' });
  const changed = { tag: 'granule-changed', retryable: false, message: containing('run again') };
  await expect(source.expect({ sizeBytes: bytes.length, tag: 'mtime:1700000000500000001' })).rejects.toMatchObject(changed);
  await expect(source.expect({ sizeBytes: 1, tag: undefined })).rejects.toMatchObject(changed);
  await source.close();
  expect(await memorySource('a.bin', bytes).tag()).toBeUndefined();
  await expect(memorySource('a.bin', bytes).expect({ sizeBytes: 1, tag: undefined })).rejects.toMatchObject(changed);
});

test.each([
  [{ ETag: '"x-1"', 'Last-Modified': 'Sat, 21 Nov 2026 14:00:00 GMT' }, 'etag:"x-1"'],
  [{ ETag: 'W/"x-1"', 'Last-Modified': 'Sat, 21 Nov 2026 14:00:00 GMT' }, 'last-modified:Sat, 21 Nov 2026 14:00:00 GMT'],
  [{ ETag: 'W/"x-1"' }, undefined],
  [{}, undefined]
])('the tag of %j is %s, and comes with the size', async (headers, tag) => {
  const { source, requests } = http(() => headers);
  expect([await source.size(), await source.tag(), requests()]).toEqual([bytes.length, tag, 1]);
});

test('a later answer of another content is an error that names both', async () => {
  const changed = { tag: 'granule-changed', retryable: false, context: { file: 'http://host/a.bin' }, message: containing('(etag:"0") before, 200000 bytes (etag:"1") now') };
  await expect(http(request => ({ ETag: `"${request}"` })).source.read(far)).rejects.toMatchObject(changed);
  await expect(http(request => ({ 'Last-Modified': `day ${request}` })).source.read(far)).rejects.toMatchObject({ tag: 'granule-changed' });
  await expect(http(() => ({}), request => bytes.length - request).source.read(far)).rejects.toMatchObject({ tag: 'granule-changed', message: containing('199999 bytes now') });
  await expect(http(() => ({}), request => (request === 0 ? bytes.length : 100_000)).source.read(far)).rejects.toMatchObject({ tag: 'granule-changed', message: containing('100000 bytes now') });
  const [first] = await http(request => (request === 0 ? { ETag: '"0"' } : { 'Last-Modified': 'today' })).source.read(far);
  expect(first).toHaveLength(10);
});

test('what was expected costs no request; the first answer is held against it', async () => {
  const good = http(() => ({ ETag: '"0"' }));
  await good.source.expect({ sizeBytes: bytes.length, tag: 'etag:"0"' });
  expect([await good.source.size(), await good.source.tag(), good.requests()]).toEqual([bytes.length, 'etag:"0"', 0]);
  await good.source.read(far);
  expect(good.requests()).toBe(1);
  for (const before of [{ sizeBytes: bytes.length, tag: 'etag:"1"' }, { sizeBytes: bytes.length + 1, tag: undefined }]) {
    const { source } = http(() => ({ ETag: '"0"' }));
    await source.expect(before);
    await expect(source.read(far)).rejects.toMatchObject({ tag: 'granule-changed' });
    const asked = http(() => ({ ETag: '"0"' }));
    await asked.source.size();
    await expect(asked.source.expect(before)).rejects.toMatchObject({ tag: 'granule-changed' });
  }
});
