import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config } from './in-memory.js';
import { bytesOf, MemorySpills, runOnThreads } from './many-threads.js';

const COUNT = 10_000;
const random = randomFrom(21);
const places = Array.from({ length: COUNT }, () => Array.from({ length: 3 }, () => ({ lat: 50 + 30 * random(), lon: 90 * random(), h: random() })));
const granules = (failing: ReadonlySet<number>): FakeGranule[] =>
  places.map((rows, g) => {
    const contents = beam('a', rows);
    return new FakeGranule(`g${g}.h5`, failing.has(g) ? { ...contents, '/a/h': { ...contents['/a/h']!, damaged: [0] } } : contents);
  });

test('ten thousand granules, a hundred of them damaged: whole in seconds, spilled or not', async () => {
  const failing = new Set(Array.from({ length: 100 }, (_, i) => 97 * i));
  const local = await runOnThreads({ granules: granules(failing), config: config(), threads: 2, allowPartial: true });
  expect(local.summary).toMatchObject({ outcome: 'partial', granules: COUNT, groupsFailed: 100, cellsFailed: 0, totalObs: 3 * (COUNT - 100) });

  const spills = new MemorySpills();
  const spilled = await runOnThreads({ granules: granules(failing), config: config(), threads: 2, allowPartial: true, memoryBytes: 300_000, spills });
  expect(spills.contents.size).toBeGreaterThan(0);
  expect(await bytesOf(spilled.store)).toEqual(await bytesOf(local.store));
}, 60_000);
