import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LibraryQuestion } from '../../src/hdf5/library-messages.js';
import { webLibrary } from '../../src/hdf5/web-library.js';
import type { Hdf5Dataset } from '../../src/hdf5/index.js';
import { fileSource } from '../../src/io/file-source.node.js';
import { judge } from '../judge.js';
import { digests } from './read-whole.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-web-library-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the program of a web worker answers through its global scope; messages are clones, buffers move', async () => {
  const path = join(folder, 'elsewhere.h5');
  const sha256 = judge('hdf5/elsewhere.py', [path]).toString();
  const outside = new EventTarget();
  let take: (event: { readonly data: unknown }) => void = () => undefined;
  const moved: number[] = [];
  Object.assign(globalThis, {
    addEventListener: (_: string, listener: typeof take) => (take = listener),
    postMessage: (message: unknown, { transfer }: { transfer: ArrayBuffer[] }) => {
      const data: unknown = structuredClone(message, { transfer });
      moved.push(...transfer.map(({ byteLength }) => byteLength));
      outside.dispatchEvent(Object.assign(new Event('message'), { data }));
    }
  });
  await import('../../src/hdf5/library-worker.js');
  const worker = Object.assign(outside, {
    postMessage: (question: LibraryQuestion, { transfer }: { transfer: ArrayBuffer[] }) => take({ data: structuredClone(question, { transfer }) }),
    terminate: () => undefined
  });
  const file = await webLibrary(() => worker as unknown as Worker)(fileSource(path), {});
  const datasets = (await file.datasets(['/szip', '/nbit'])) as Hdf5Dataset[];
  expect(await digests(file, datasets)).toEqual([sha256, sha256]);
  expect(moved).toEqual(Array(20).fill(0));
  const [other] = (await file.datasets(['/filter 500'])) as [Hdf5Dataset];
  await expect(file.readChunks([{ dataset: other, chunk: 3 }])).rejects.toMatchObject({ tag: 'unsupported', context: { dataset: '/filter 500' } });
  await file.close();
});
