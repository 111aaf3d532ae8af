import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { MaggError } from '../../src/base/index.js';
import { nodeLibrary } from '../../src/hdf5/node-library.node.js';
import { memorySource } from '../../src/io/index.js';
import { judge, judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';
import { libraryUrl } from './library.js';

const folder = mkdtempSync(join(tmpdir(), 'magg-library-'));
afterAll(() => rmSync(folder, { recursive: true }));
const elsewhere = join(folder, 'elsewhere.h5');
judge('hdf5/elsewhere.py', [elsewhere]);
const bases = [elsewhere, ...judgeJson<string[]>('hdf5/make_hostile.py', [folder]).slice(0, 3)].map(path => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) }));
const PATHS = ['/szip', '/nbit', '/virtual', '/g/rows', '/g/tiles', '/g/contiguous', '/links/name_7', '/soft/grows'];
const TAGS = ['damaged-file', 'damaged-chunk', 'unsupported', 'not-numeric', 'not-a-dataset', 'not-found'];
const MAX_CHUNKS = 10;

// The library alone, which the ranged reader would keep most of this from. On a slow machine more is given up, which is no failure here.
const library = nodeLibrary(libraryUrl, { callS: 1 });

function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
  const out = bytes.slice();
  for (let k = 1 + Math.floor(next() * 8); k > 0; k--) out[Math.floor(next() * out.length)] = next() < 0.25 ? 255 : Math.floor(next() * 256);
  return out;
}

/** Everything in a file; how many of the questions were refused. Throws what is no MaggError that names the file. */
async function readAll(name: string, bytes: Uint8Array): Promise<number> {
  let refused = 0;
  const attempt = async (read: () => Promise<void>): Promise<void> => {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof MaggError) || !TAGS.includes(error.tag) || !error.message.includes(name)) throw error;
      refused++;
    }
  };
  await attempt(async () => {
    const file = await library(memorySource(name, bytes), {});
    for (const path of PATHS) {
      await attempt(async () => {
        const [dataset] = await file.datasets([path]);
        if (!dataset) return;
        await file.readChunks(Array.from({ length: Math.min(dataset.chunkCount, MAX_CHUNKS) }, (_, chunk) => ({ dataset, chunk })));
        await file.attributes(path);
      });
    }
    await attempt(async () => void (await file.walk('/')));
    await file.close();
  });
  return refused;
}

test.each(bases.map((base, seed) => [base.name, base.bytes, seed] as const))('%s: mutations given straight to the full library end in values or in a MaggError that names the file, within a gigabyte', async (name, bytes, seed) => {
  const before = process.resourceUsage().maxRSS;
  const whole = await readAll(name, bytes);
  const next = randomFrom(seed + 500);
  let worse = 0;
  for (let round = 0; round < 100; round++) if ((await readAll(name, mutated(bytes, next))) > whole) worse++;
  expect(worse).toBeGreaterThan(10);
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(1_000_000);
}, 120_000);
