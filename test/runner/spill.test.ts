import { MaggError } from '../../src/base/index.js';
import type { Hdf5Dataset } from '../../src/hdf5/index.js';
import type { RunEvent } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule, type FakeDataset } from './fake-granule.js';
import { config, CONFIG } from './in-memory.js';
import { bytesOf, MemorySpills, runOnThreads } from './many-threads.js';

const FILL = 9999;
/** Every kind of statistic that depends on the order of rows, over two columns, one of them float64 in some granules. */
const WIDE = config(
  CONFIG.replace('h: "/{group}/h" }', 'h: "/{group}/h", s: "/{group}/s" }').replace(
    'h_sum: { function: sum, source: h, dtype: float64 }',
    `h_sum: { function: sum, source: h, dtype: float64 }
    h_mean: { function: average, source: h, params: { weights: "1.0 / s**2" }, dtype: float64 }
    h_var: { function: var, source: h, dtype: float64 }
    h_q: { function: quantile, source: h, params: { q: 0.3 }, dtype: float64 }
    h_first: { expression: "h[0]", dtype: float64 }
    s_last: { expression: "s[-1]", dtype: float64 }`
  )
);

/** Its connection breaks when values are read the first time, in each group, after some are decoded. */
class FlakyGranule extends FakeGranule {
  readonly #broken = new Set<string>();

  override async datasets(paths: readonly string[]): Promise<readonly (Hdf5Dataset | undefined)[]> {
    const found = await super.datasets(paths);
    return found.map(dataset => dataset && {
      ...dataset,
      decode: (chunk, raw) => {
        const { path } = dataset;
        if (path.endsWith('/h') && chunk === 2 && !this.#broken.has(path)) {
          this.#broken.add(path);
          throw new MaggError('network', 'the connection broke', { retryable: true });
        }
        return dataset.decode(chunk, raw);
      }
    });
  }
}

interface Shape {
  readonly granules: number;
  readonly rows: number;
  /** Share of rows that stay in the cell of the row before. */
  readonly stay: number;
  readonly seed: number;
  readonly chunkRows?: number;
}

function makeGranules({ granules, rows, stay, seed, chunkRows = 50 }: Shape): FakeGranule[] {
  const random = randomFrom(seed);
  return Array.from({ length: granules }, (_, g) => {
    const contents: Record<string, FakeDataset> = {};
    for (const group of random() < 0.3 ? ['a'] : ['a', 'b']) {
      const n = random() < 0.1 ? 0 : Math.floor(rows * (0.5 + random()));
      let [lat, lon] = [0, 0];
      const [lats, lons, h, s, q] = [new Float64Array(n), new Float64Array(n), new Float32Array(n), g % 3 === 0 ? new Float64Array(n) : new Float32Array(n), new Int8Array(n)];
      for (let i = 0; i < n; i++) {
        if (i === 0 || random() > stay) [lat, lon] = [50 + 30 * random(), 60 * random()];
        [lats[i], lons[i], h[i], s[i], q[i]] = [lat, lon, random() < 0.05 && g % 2 === 0 ? FILL : 100 * random(), 0.1 + random(), random() < 0.2 ? 1 : 0];
      }
      const put = (name: string, values: FakeDataset['values'], more: Partial<FakeDataset> = {}): void => void (contents[`/${group}/${name}`] = { values, chunkRows, ...more });
      put('lat', lats);
      put('lon', lons);
      put('h', h, { fillValue: FILL });
      put('s', s);
      put('q', q);
    }
    return new FakeGranule(`g${g}.h5`, contents);
  });
}

const shapes: readonly [string, Shape][] = [
  ['along tracks', { granules: 12, rows: 300, stay: 0.95, seed: 1 }],
  ['shuffled', { granules: 6, rows: 200, stay: 0, seed: 2 }],
  ['all in few cells', { granules: 5, rows: 600, stay: 0.998, seed: 3 }]
];

describe.each(shapes)('rows %s', (_, shape) => {
  const whole = runOnThreads({ granules: makeGranules(shape), config: WIDE });

  test.each([
    [1, 200_000], [1, 20_000], [1, 3_000], [1, 1],
    [2, 60_000], [3, 20_000], [4, 100]
  ])('%d threads within %d bytes give the bytes of one without a limit', async (threads, memoryBytes) => {
    const expected = await whole;
    expect(expected.summary!.outcome).toBe('complete');
    for (const seed of [1, 2, 3]) {
      const spills = new MemorySpills();
      const { summary, store } = await runOnThreads({ granules: makeGranules(shape), config: WIDE, threads, seed, memoryBytes, spills });
      expect(await bytesOf(store)).toEqual(await bytesOf(expected.store));
      expect(summary).toEqual(expected.summary);
      expect(spills.opened).toBe(0);
      if (memoryBytes <= 20_000) expect(spills.contents.size).toBeGreaterThan(0);
    }
  });
});

test('rows in files and rows in memory come together: a thread that has moved nothing keeps its blocks', async () => {
  const shape: Shape = { granules: 9, rows: 150, stay: 0.9, seed: 4 };
  const expected = await runOnThreads({ granules: makeGranules(shape), config: WIDE });
  let mixed = 0;
  for (let seed = 1; seed <= 12; seed++) {
    const spills = new MemorySpills();
    const { store } = await runOnThreads({ granules: makeGranules(shape), config: WIDE, threads: 3, seed, memoryBytes: 50_000 + 10_000 * seed, spills });
    if (spills.contents.size > 0 && spills.contents.size < 3) mixed++;
    expect(await bytesOf(store)).toEqual(await bytesOf(expected.store));
  }
  expect(mixed).toBeGreaterThan(0);
});

test('overviews of a spilled run are those of a run in memory, and of a run with that child order', async () => {
  const shape: Shape = { granules: 6, rows: 300, stay: 0.9, seed: 5 };
  const text = (child: number, overviews: string): string => CONFIG.replace('output:\n', `output:\n  ${overviews}\n`).replace('child_order: 4', `child_order: ${child}`);
  const [plain, spilled] = await Promise.all([Infinity, 5_000].map(memoryBytes =>
    runOnThreads({ granules: makeGranules(shape), config: config(text(5, 'overviews: [3, 4]')), threads: 2, memoryBytes, spills: new MemorySpills() })
  ));
  const [all, again] = [await bytesOf(plain!.store), await bytesOf(spilled!.store)];
  expect(again).toEqual(all);
  for (const order of [3, 4]) {
    const alone = await bytesOf((await runOnThreads({ granules: makeGranules(shape), config: config(text(order, '')) })).store);
    const chunks = [...alone.keys()].filter(key => /\/(count|h_sum)\/c\//.test(key));
    expect(chunks.length).toBeGreaterThan(10);
    for (const key of chunks) expect([key, all.get(key)]).toEqual([key, alone.get(key)]);
  }
});

const notices = (events: readonly RunEvent[]): string[] => events.flatMap(event => (event.type === 'run-notice' ? [event.tag] : []));

test('a host without a place for files goes beyond the limit, and says so', async () => {
  const shape: Shape = { granules: 4, rows: 200, stay: 0.9, seed: 6 };
  const expected = await runOnThreads({ granules: makeGranules(shape), config: WIDE });
  const { events, store } = await runOnThreads({ granules: makeGranules(shape), config: WIDE, memoryBytes: 2_000 });
  expect(notices(events)).toEqual(['memory-exceeded']);
  expect(notices(expected.events)).toEqual([]);
  expect(await bytesOf(store)).toEqual(await bytesOf(expected.store));
});

test('a disk without room ends the run before the store is touched; every file is closed', async () => {
  const spills = new MemorySpills();
  spills.room = 3;
  const { error, store, events } = await runOnThreads({ granules: makeGranules({ granules: 6, rows: 300, stay: 0.9, seed: 7 }), config: WIDE, threads: 2, memoryBytes: 4_000, spills });
  expect(error).toMatchObject({ tag: 'disk-full' });
  expect(await store.list('')).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: 'run-finished', summary: { outcome: 'failed' } });
});

describe('a read that fails', () => {
  const broken = (): FakeGranule[] => {
    const granules = makeGranules({ granules: 5, rows: 300, stay: 0.97, seed: 8 });
    const { name, contents } = granules[2]!;
    granules[2] = new FakeGranule(name, { ...contents, '/a/h': { ...contents['/a/h']!, damaged: [1] } });
    return granules;
  };
  const without = (): FakeGranule[] => {
    const granules = makeGranules({ granules: 5, rows: 300, stay: 0.97, seed: 8 });
    const { name, contents } = granules[2]!;
    granules[2] = new FakeGranule(name, Object.fromEntries(Object.entries(contents).filter(([path]) => !path.startsWith('/a/'))));
    return granules;
  };

  test('with allowPartial its cells hold the rows that there are, and say that some are missing', async () => {
    const { events, summary, store } = await runOnThreads({ granules: broken(), config: WIDE, allowPartial: true });
    const finished = events.filter(event => event.type === 'cell-finished');
    const partial = finished.filter(event => !event.isWhole);
    expect(partial.length).toBeGreaterThan(0);
    expect(partial.length).toBeLessThan(finished.length);
    expect(summary).toMatchObject({ outcome: 'partial', cellsFailed: 0, groupsFailed: 1 });
    const [ours, theirs] = [await bytesOf(store), await bytesOf((await runOnThreads({ granules: without(), config: WIDE })).store)];
    const chunks = [...theirs.keys()].filter(key => /\/h_sum\/c\//.test(key));
    // Cells that only the damaged group touches stand in one store and not in the other: chunks are compared by content.
    expect(new Set(chunks.map(key => theirs.get(key)))).toEqual(new Set([...ours.keys()].filter(key => /\/h_sum\/c\//.test(key)).map(key => ours.get(key))));
  });

  test('what was moved to a file before the damage was met does not count', async () => {
    const [inMemory, spilled] = await Promise.all([Infinity, 2_000].map(memoryBytes =>
      runOnThreads({ granules: broken(), config: WIDE, allowPartial: true, threads: 2, memoryBytes, spills: new MemorySpills() })
    ));
    expect(inMemory!.summary!.outcome).toBe('partial');
    expect(await bytesOf(spilled!.store)).toEqual(await bytesOf(inMemory!.store));
    expect(spilled!.summary).toEqual(inMemory!.summary);
  });

  test('nor what an attempt has moved that failed before the one that did not', async () => {
    const shape: Shape = { granules: 4, rows: 300, stay: 0.97, seed: 12 };
    const flaky = (): FakeGranule[] => makeGranules(shape).map(({ name, contents }) => new FlakyGranule(name, contents));
    const [expected, spilled] = [await runOnThreads({ granules: makeGranules(shape), config: WIDE }), await runOnThreads({ granules: flaky(), config: WIDE, threads: 2, memoryBytes: 2_000, spills: new MemorySpills() })];
    expect(spilled.events.filter(event => event.type === 'granule-retried').length).toBeGreaterThan(3);
    expect(await bytesOf(spilled.store)).toEqual(await bytesOf(expected.store));
    expect(spilled.summary).toEqual(expected.summary);
  });

  test('without it they fail; spilled or not, the same ones', async () => {
    const cells = async (memoryBytes: number): Promise<unknown[]> => {
      const { events } = await runOnThreads({ granules: broken(), config: WIDE, memoryBytes, spills: new MemorySpills() });
      return events.flatMap(event => (event.type === 'cell-failed' ? [event.cell] : [])).sort();
    };
    const failed = await cells(Infinity);
    expect(failed.length).toBeGreaterThan(0);
    expect(await cells(3_000)).toEqual(failed);
  });
});

test('a single cell with more rows than fit is computed all the same, and told of once, with its order and rows', async () => {
  const shape: Shape = { granules: 8, rows: 400, stay: 0.5, seed: 10 };
  const runs = (overviews: string, memoryBytes: number): ReturnType<typeof runOnThreads> =>
    runOnThreads({ granules: makeGranules(shape), config: config(CONFIG.replace('output:\n', `output:\n  ${overviews}\n`)), threads: 2, memoryBytes, spills: new MemorySpills() });
  const plain = await runs('overviews: [2]', Infinity);
  expect(notices(plain.events)).toEqual([]);
  expect(notices((await runs('', 80_000)).events)).toEqual([]);
  const { events, store } = await runs('overviews: [2]', 80_000);
  expect(await bytesOf(store)).toEqual(await bytesOf(plain.store));
  expect(notices(events)).toEqual(['memory-exceeded']);
  const { message } = events.find((event): event is Extract<RunEvent, { type: 'run-notice' }> => event.type === 'run-notice')!;
  const [, order, parent, rows] = /^a cell of order (\d), of an overview, in parent (-?\d+) has ([\d,]+) rows, which take about 1 MB .*; leave orders up to 2 out of output\.overviews, use fewer workers, or set run\.memory larger$/.exec(message)!;
  expect(order).toBe('2');
  expect(Number(rows!.replace(',', ''))).toBe(events.find((event): event is Extract<RunEvent, { type: 'cell-finished' }> => event.type === 'cell-finished' && event.cell === parent)!.obs);
});

test('an error of a spill file that was changed says so', async () => {
  const spills = new MemorySpills();
  const open = spills.open.bind(spills);
  spills.open = async name => ({ ...(await open(name)), read: (_at, into) => void into.fill(0xff) });
  const { events } = await runOnThreads({ granules: makeGranules({ granules: 4, rows: 200, stay: 0.9, seed: 9 }), config: WIDE, memoryBytes: 3_000, spills });
  const failed = events.filter(event => event.type === 'cell-failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(failed[0]!.message).toContain('something else has written to the file');
});
