import { parseCatalog } from '../../src/catalog/index.js';
import type { ObjectStore } from '../../src/io/index.js';
import type { PlanInput } from '../../src/runner/index.js';
import { randomFrom } from '../random.js';
import { FakeGranule } from './fake-granule.js';
import { beam, config, CONFIG, runInMemory } from './in-memory.js';

const random = randomFrom(8);
/** Three tracks over the same cells. */
const granules = ['g1.h5', 'g2.h5', 'g3.h5'].map(name => new FakeGranule(name, beam('a', Array.from({ length: 200 }, (_, i) => ({ lat: 60 + 0.1 * i, lon: -50, h: 1e3 * random(), q: 0 })))));
/** What depends on the order of rows: plainly, and in the last bits. */
const ORDERED = `${CONFIG.slice(0, CONFIG.indexOf('  variables:', CONFIG.indexOf('aggregation:')))}  variables:
    first: {expression: "h[0]", dtype: float64}
    rough: {expression: "np.sum(np.abs(np.diff(h)))", dtype: float64}
    total: {function: sum, source: h, dtype: float64}
output:
  grid: {type: healpix, indexing_scheme: nested, parent_order: 2, child_order: 4}
`;

async function bytes(store: ObjectStore): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all((await store.list('4/')).map(async key => [key, Buffer.from((await store.get(key))!).toString('base64')] as const)));
}

test('values are the same from a list of granules and from a catalog, in whatever order it has cells and granules', async () => {
  const plain = await runInMemory({ granules, config: config(ORDERED) });
  expect(plain.summary!.outcome).toBe('complete');
  const listed = plain.plan!.cells.map(cell => [cell.morton, cell.granules.map(g => granules[g]!.name)] as const);
  expect(listed.some(([, names]) => names.length === 3)).toBe(true);
  const orders = [listed, [...listed].reverse(), listed.map(([cell, names]) => [cell, [...names].reverse()] as const)];
  for (const order of orders) {
    const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84' }, catalog: Object.fromEntries(order) });
    const input: PlanInput = { kind: 'catalog', name: 'c.json', catalog: parseCatalog(text, 'c.json') };
    for (const backend of ['local', 'cells'] as const) {
      const found = await runInMemory({ granules, config: config(ORDERED), input, backend });
      expect(await bytes(found.store)).toEqual(await bytes(plain.store));
    }
  }
});
