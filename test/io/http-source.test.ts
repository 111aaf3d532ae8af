import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Limiter } from '../../src/base/index.js';
import { createReadBuffer, httpSource, probeHttp, type HttpSourceOptions } from '../../src/io/index.js';
import { openSource } from '../../src/io/open-source.node.js';
import { expectOffsets, offsetBytes } from './offset-bytes.js';
import { containing } from './expected.js';

const bytes = offsetBytes(1_000_003);
const asked: string[] = [];
let server: Server;
let base: string;

/** A server that answers as the path says. */
beforeAll(async () => {
  server = createServer((request, response) => {
    const url = request.url ?? '';
    const [, first = NaN, last = NaN] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []).map(Number);
    asked.push(`${first}-${last} ${String(request.headers['x-login'] ?? '')}`);
    const end = Math.min(last, bytes.length - 1);
    const part = bytes.subarray(first, end + 1);
    const headers = { 'Content-Range': `bytes ${first}-${end}/${bytes.length}`, 'Content-Length': part.length };
    const status = Number(/^\/status(\d+)/.exec(url)?.[1] ?? 0);
    if (status) response.writeHead(status).end();
    else if (url === '/small' || url === '/empty') {
      const whole = url === '/small' ? bytes.subarray(0, 100) : new Uint8Array(0);
      if (whole.length) response.writeHead(200, { 'Content-Length': whole.length }).end(whole);
      else response.writeHead(416, { 'Content-Range': 'bytes */0' }).end();
    } else if (url === '/ignores' || (url === '/forgets' && first > 0)) response.writeHead(200, { 'Content-Length': bytes.length }).end(bytes);
    else if (url === '/shifted' && first > 0) response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first + 1}-${end + 1}/${bytes.length}` }).end(part);
    else if (url === '/grown' && first > 0) response.writeHead(206, { ...headers, 'Content-Range': `bytes ${first}-${end}/${bytes.length + 9}` }).end(part);
    else if (url === '/drops' && first > 0) {
      response.writeHead(206, headers);
      response.write(part.subarray(0, 10), () => response.destroy());
    } else if (url === '/short' && first > 0) response.writeHead(206, { 'Content-Range': headers['Content-Range'] }).end(part.subarray(0, part.length - 1));
    else if (url === '/long' && first > 0) response.writeHead(206, { 'Content-Range': headers['Content-Range'] }).end(bytes.subarray(first, end + 2));
    else response.writeHead(206, headers).end(part);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise(resolve => server.close(resolve)));
beforeEach(() => void asked.splice(0));
const open = (path: string, options?: HttpSourceOptions) => httpSource(base + path, options);
const far = [{ offset: 500_000, length: 1000 }];

test('ranges come in the order asked for; near ones in one request; the head of the file in the request for its size', async () => {
  const source = open('/good', { headers: { 'x-login': 'me' } });
  expect(await source.size()).toBe(bytes.length);
  const ranges = [{ offset: 900_000, length: 100_003 }, { offset: 10, length: 20 }, { offset: 500_100, length: 50 }, { offset: 500_000, length: 60 }, { offset: 800_000, length: 0 }];
  for (const into of [undefined, createReadBuffer()]) expectOffsets(await source.read(ranges, { into }), ranges);
  expect([...new Set(asked)].sort()).toEqual(['0-65535 me', '500000-500149 me', '900000-1000002 me']);
  expect(asked).toHaveLength(5);
});

test('gapBytes decides what is near', async () => {
  const source = open('/good', { gapBytes: 0 });
  await source.read([{ offset: 500_000, length: 60 }, { offset: 500_100, length: 50 }]);
  expect(asked).toHaveLength(3);
});

test('files smaller than the first request, and empty ones', async () => {
  const small = open('/small');
  expect(await small.size()).toBe(100);
  const ranges = [{ offset: 40, length: 60 }];
  expectOffsets(await small.read(ranges), ranges);
  await expect(small.read([{ offset: 40, length: 61 }])).rejects.toMatchObject({ tag: 'truncated' });
  expect(await open('/empty').size()).toBe(0);
});

test('a 200 is an answer when the whole file was asked for', async () => {
  const source = open('/forgets');
  await expect(source.read(far)).rejects.toMatchObject({ tag: 'io', retryable: false, message: containing('ignores ranges') });
  const whole = [{ offset: 0, length: bytes.length }];
  const all = httpSource('http://h/whole', {
    fetch: async (_, init) => {
      const first = new Headers(init.headers).get('Range') === 'bytes=0-65535';
      if (!first) return new Response(bytes.slice());
      return new Response(bytes.slice(0, 65536), { status: 206, headers: { 'Content-Range': `bytes 0-65535/${bytes.length}` } });
    }
  });
  expectOffsets(await all.read(whole), whole);
});

test.each([
  ['/ignores', { tag: 'io', retryable: false, message: containing('ignores ranges') }],
  ['/shifted', { tag: 'io', retryable: false, message: containing('bytes 500001-501000') }],
  ['/grown', { tag: 'granule-changed', retryable: false, message: containing('1000003 bytes before, 1000012 bytes now') }],
  ['/drops', { tag: 'io', retryable: true }],
  ['/short', { tag: 'truncated', retryable: true, message: containing('999 of 1000 bytes') }],
  ['/long', { tag: 'io', message: containing('more than the 1000 bytes') }],
  ['/status404', { tag: 'not-found', retryable: false }],
  ['/status401', { tag: 'forbidden', retryable: false }],
  ['/status403', { tag: 'forbidden', retryable: false }],
  ['/status429', { tag: 'io', retryable: true }],
  ['/status503', { tag: 'io', retryable: true }],
  ['/status416', { tag: 'io', retryable: false }]
])('%s is an error that names the file', async (path, expected) => {
  const failed = open(path.startsWith('/status') ? `${path}?token=secret` : path).read(far);
  await expect(failed).rejects.toMatchObject(expected);
  await expect(failed).rejects.toMatchObject({ message: containing(path) });
  await expect(failed).rejects.not.toMatchObject({ message: containing('secret') });
});

test('an error of the first request is not remembered', async () => {
  let first = true;
  const source = httpSource(`${base}/good`, {
    fetch: (url, init) => {
      if (!first) return fetch(url, init);
      first = false;
      return Promise.reject(new TypeError('fetch failed'));
    }
  });
  await expect(source.size()).rejects.toMatchObject({ tag: 'io', retryable: true });
  expect(await source.size()).toBe(bytes.length);
});

test('nobody listens: retryable; aborted: cancelled', async () => {
  const closed = createServer();
  await new Promise<void>(resolve => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise(resolve => closed.close(resolve));
  await expect(openSource(`http://127.0.0.1:${port}/x.h5`).size()).rejects.toMatchObject({ tag: 'io', retryable: true });
  const control = new AbortController();
  const waiting = httpSource('http://h/x', { fetch: (_, init) => new Promise((_resolve, reject) => init.signal!.addEventListener('abort', () => reject(new Error('aborted')))) });
  const failed = waiting.size({ signal: control.signal });
  control.abort();
  await expect(failed).rejects.toMatchObject({ tag: 'cancelled' });
});

test('far ranges are fetched in parallel, never more at once than the limiter lets', async () => {
  let running = 0;
  let most = 0;
  const source = httpSource(`${base}/good`, {
    limiter: new Limiter(3),
    fetch: async (url, init) => {
      most = Math.max(most, ++running);
      const response = await fetch(url, init);
      running--;
      return response;
    }
  });
  const ranges = [1, 2, 3, 4, 5, 6, 7, 8].map(i => ({ offset: i * 110_000, length: 1000 }));
  expectOffsets(await source.read(ranges), ranges);
  expect(asked).toHaveLength(9);
  expect(most).toBe(3);
});

test('a probe tells the size for one byte; an answer without one tells nothing; no answer is an error', async () => {
  expect(await probeHttp(`${base}/file`)).toEqual({ sizeBytes: bytes.length, tag: undefined });
  expect(asked).toEqual(['0-0 ']);
  expect(await probeHttp(`${base}/empty`)).toEqual({ sizeBytes: 0, tag: undefined });
  expect(await probeHttp(`${base}/status404`)).toBeUndefined();
  expect(await probeHttp(`${base}/ignores`)).toBeUndefined();
  await expect(probeHttp('http://user:secret@127.0.0.1:1/file?key=secret')).rejects.toMatchObject({ message: expect.not.stringContaining('secret') as string });
  await expect(probeHttp(`${base}/file`, {}, AbortSignal.abort())).rejects.toMatchObject({ tag: 'cancelled' });
});
