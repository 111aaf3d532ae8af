import { memoryStore } from '../../src/io/index.js';
import { locateCells, makePlan, type RunEvent } from '../../src/runner/index.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, memoryCrew, of, runInMemory, type Row } from './in-memory.js';
import { catalogOf, contents, expected, granules, parentOf, rows, sorted } from './two-granules.js';

describe('rows at no place', () => {
  const bad = (lat: number, q: number): FakeGranule => new FakeGranule('g.h5', beam('a', [...rows.a1.slice(0, 20), { lat, lon: 0, h: 1, q }]));

  const aboutRows = (events: readonly RunEvent[]): Extract<RunEvent, { type: 'run-notice' }>[] => of(events, 'run-notice').filter(({ tag }) => tag === 'rows-without-position');

  test.each([91, NaN, -90.5])('a kept row at latitude %d is left out, counted and told of', async lat => {
    const { events, summary, store } = await runInMemory({ granules: [bad(lat, 0)] });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 1, groupsFailed: 0 });
    expect(sorted(await contents(store))).toEqual(sorted(expected(rows.a1.slice(0, 20))));
    expect(of(events, 'granule-finished')[0]).toMatchObject({ rows: 21, kept: summary!.totalObs, rowsWithoutPosition: 1 });
    expect(aboutRows(events)).toEqual([{ type: 'run-notice', tag: 'rows-without-position', message: expect.stringContaining(`1 row of g.h5 a without position: left out of all cells. Row 20 has the latitude ${lat} in /a/lat, the longitude 0 in /a/lon`) as string }]);
  });

  test.each<[string, Row[], RegExp]>([
    ['metres', rows.a1.map(row => ({ ...row, lat: 1e5 + row.lat, lon: -2e6 })), /none of the 400 rows has a position\. Row \d+ has the latitude 100060.* in \/a\/lat, the longitude -2000000 in \/a\/lon; .*Correct data_source\.coordinates, or leave the granule out\. Which cells/],
    ['NaN', rows.a1.map(row => ({ ...row, lon: NaN })), /none of the 400 rows has a position/],
    ['swapped', rows.a1.map((row, i) => ({ ...row, lat: i < 399 ? 100 : -50, lon: row.lat })), /399 of 400 rows have a position only if latitude and longitude change places.*\(the two look swapped\)/]
  ])('coordinates that are none stay an error: %s', async (_, wrong, message) => {
    const wrongGranule = (): FakeGranule => new FakeGranule('w.h5', beam('a', wrong, { chunkRows: 50 }));
    const { error, events, store } = await runInMemory({ granules: [wrongGranule()] });
    expect(error).toMatchObject({ tag: 'bad-coordinates', message: expect.stringMatching(message) as string });
    expect(aboutRows(events)).toEqual([]);
    expect(await store.list('')).toEqual([]);
    // With a catalog the cells for which it lists the granule fail, cell by cell as well.
    const cells = [...new Set(rows.a1.map(parentOf))];
    for (const backend of ['local', 'cells'] as const) {
      const { events: told } = await runInMemory({ granules: [wrongGranule()], input: catalogOf(Object.fromEntries(cells.map(cell => [cell, ['w.h5']]))), backend });
      expect(of(told, 'cell-failed').map(event => [event.cell, event.tag]).sort()).toEqual(cells.map(cell => [cell, 'bad-coordinates']).sort());
    }
    // A catalog is not made of it either.
    const { plan } = await makePlan(config(), { kind: 'granules', granules: ['w.h5'] });
    await expect(locateCells(plan, memoryCrew({ granules: [wrongGranule()] }, memoryStore('unused')), { signal: new AbortController().signal, onEvent: () => undefined })).rejects.toMatchObject({ tag: 'bad-coordinates' });
  });

  test('one row in a thousand is enough to say that they are coordinates, even if the filters reject it', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => (i === 70 ? { ...rows.a1[0]!, q: 1 } : { lat: i % 2 ? NaN : 1e38, lon: 0, h: 1, q: i % 3 ? 1 : 0 }));
    const { summary, store } = await runInMemory({ granules: [new FakeGranule('g.h5', beam('a', many, { chunkRows: 50 })), granules()[1]!] });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 334 });
    expect(sorted(await contents(store))).toEqual(sorted(expected(rows.a2)));
  });

  test('a group that holds nothing but fill values has no position, and is no error', async () => {
    const gone = beam('a', rows.a1.map(row => ({ ...row, lat: 3.4e38, lon: 3.4e38 })), { fillValue: 3.4e38 });
    const { summary, events } = await runInMemory({ granules: [new FakeGranule('g.h5', gone), granules()[1]!] });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: rows.a1.filter(({ q }) => q === 0).length });
    expect(aboutRows(events)[0]!.message).toMatch(/^\d+ rows of g\.h5 a without position, all at the fill value: .* has the latitude 3\.4e\+38 \(the fill value\) in \/a\/lat/);
  });

  test.each<[string, (values: Float64Array) => Float64Array | Float32Array | Int32Array, number]>([
    ['float64', values => values, 0], ['float32', values => Float32Array.from(values), 12.3], ['int32', values => Int32Array.from(values), -90]
  ])('a fill value that would pass for a latitude is missing, not a place: %s', async (_, cast, fill) => {
    const some = rows.a1.slice(0, 20);
    const contentsOf = beam('a', [...some.slice(0, 7), { lat: fill, lon: 5, h: 1 }, ...some.slice(7)]);
    const lat = { values: cast(contentsOf['/a/lat']!.values as Float64Array), fillValue: fill };
    const { summary, store, events } = await runInMemory({ granules: [new FakeGranule('g.h5', { ...contentsOf, '/a/lat': lat })] });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 1 });
    expect(sorted(await contents(store))).toEqual(sorted(expected(some.map(row => ({ ...row, lat: cast(Float64Array.of(row.lat))[0]! })))));
    expect(aboutRows(events)[0]!.message).toContain(`Row 7 has the latitude ${fill} (the fill value) in /a/lat, the longitude 5 in /a/lon`);
  });

  test('a rejected row may lie anywhere', async () => {
    const { summary } = await runInMemory({ granules: [bad(NaN, 1)] });
    expect(summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 0 });
  });

  test('a row at the fill value has no position: left out and counted', async () => {
    const contentsOf = beam('a', [...rows.a1.slice(0, 20), { lat: 3.4e38, lon: 3.4e38, h: 1 }]);
    const granule = new FakeGranule('g.h5', { ...contentsOf, '/a/lat': { ...contentsOf['/a/lat']!, fillValue: 3.4e38 } });
    expect((await runInMemory({ granules: [granule] })).summary).toMatchObject({ outcome: 'complete', rowsWithoutPosition: 1 });
  });

  test('they do not keep a catalog from being made: its cells are those of the other rows', async () => {
    const { plan } = await makePlan(config(), { kind: 'granules', granules: ['g.h5'] });
    const events: RunEvent[] = [];
    const located = await locateCells(plan, memoryCrew({ granules: [bad(91, 1)] }, memoryStore('unused')), { signal: new AbortController().signal, onEvent: event => events.push(event) });
    expect(new Set(located.cells.map(cell => cell.morton))).toEqual(new Set(rows.a1.slice(0, 20).map(parentOf)));
    expect(of(events, 'granule-finished')[0]).toMatchObject({ rows: 21, rowsWithoutPosition: 1 });
  });

  test('longitudes 0 to 360 are the same places', async () => {
    const west = rows.a1.map(row => ({ ...row, lon: row.lon + 360 }));
    const { store } = await runInMemory({ granules: [new FakeGranule('g.h5', beam('a', west))] });
    expect(sorted(await contents(store))).toEqual(sorted(expected(rows.a1)));
  });
});
