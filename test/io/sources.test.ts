import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileSource } from '../../src/io/file-source.node.js';
import { createReadBuffer, memorySource, type RangeSource } from '../../src/io/index.js';
import { openSource } from '../../src/io/open-source.node.js';
import { offsetBytes, expectOffsets } from './offset-bytes.js';
import { containing, having, matching } from './expected.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-io-'));
const path = join(folder, 'a.bin');
const bytes = offsetBytes(1_000_003);
beforeAll(() => writeFileSync(path, bytes));
afterAll(() => rmSync(folder, { recursive: true }));

const ranges = [
  { offset: 900_000, length: 100_003 },
  { offset: 1, length: 3 },
  { offset: 70_000, length: 0 },
  { offset: 5, length: 70_000 },
  { offset: 2, length: 9 }
];
const sources: readonly [string, () => RangeSource][] = [
  ['memory', () => memorySource('a.bin', bytes)],
  ['path', () => fileSource(path)],
  ['openSource of a path', () => openSource(path)],
  ['openSource of a file URL', () => openSource(pathToFileURL(path).href)]
];

test.each(sources)('%s: size and ranges in the order asked for, with and without a buffer', async (_, open) => {
  const source = open();
  expect(await source.size()).toBe(bytes.length);
  for (const into of [undefined, createReadBuffer()]) expectOffsets(await source.read(ranges, { into }), ranges);
  await source.close();
  await source.close();
});

test.each(sources)('%s: beyond the end is an error, not fewer bytes', async (_, open) => {
  const source = open();
  await expect(source.read([{ offset: bytes.length - 1, length: 2 }])).rejects.toMatchObject({ tag: 'truncated', message: containing('1000003 bytes long') });
  await expect(source.read([{ offset: -1, length: 2 }])).rejects.toMatchObject({ tag: 'io' });
  await source.close();
});

test.each(sources)('%s: an aborted signal cancels', async (_, open) => {
  const signal = AbortSignal.abort();
  await expect(open().read(ranges, { signal })).rejects.toMatchObject({ tag: 'cancelled' });
});

test('near ranges of a file share one read, far ones do not', async () => {
  const source = fileSource(path);
  const [a, b, c] = await source.read([{ offset: 0, length: 10 }, { offset: 60_000, length: 10 }, { offset: 200_000, length: 10 }]);
  expect(b!.buffer).toBe(a!.buffer);
  expect(c!.buffer).not.toBe(a!.buffer);
  await source.close();
});

/** Not every system has it. */
const withPipes = spawnSync('mkfifo', [join(folder, 'pipe.h5')]).status === 0 ? test : test.skip;

withPipes('a pipe is refused, not waited for', async () => {
  const source = fileSource(join(folder, 'pipe.h5'));
  const refused = { tag: 'io', retryable: false, message: containing('pipe.h5 is no regular file') };
  await expect(source.size()).rejects.toMatchObject(refused);
  await expect(source.read([{ offset: 0, length: 1 }])).rejects.toMatchObject(refused);
});

test('a socket is refused', async () => {
  const path = join(folder, 'socket');
  const server = createServer();
  await new Promise<void>(resolve => server.listen(path, resolve));
  await expect(fileSource(path).size()).rejects.toMatchObject({ tag: 'io', message: containing('no regular file') });
  await new Promise(resolve => server.close(resolve));
});

test('errors of files say what to do', async () => {
  await expect(fileSource(join(folder, 'none.h5')).size()).rejects.toMatchObject({ tag: 'not-found', retryable: false, message: matching(/none\.h5.*no such file.*Check the path/) });
  await expect(fileSource(join(path, 'x')).size()).rejects.toMatchObject({ tag: 'not-found' });
  await expect(fileSource(folder).size()).rejects.toMatchObject({ tag: 'io', message: containing('is a folder') });
  expect(() => openSource('s3://bucket/key.h5')).toThrow(having({ tag: 'unsupported', message: containing('https://') }));
  expect(() => openSource('ftp://host/key.h5')).toThrow(having({ tag: 'unsupported' }));
});
