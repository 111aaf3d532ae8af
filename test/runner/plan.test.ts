import { parseCatalog } from '../../src/catalog/index.js';
import { completePlan, makePlan, selectedCells, type PlanInput } from '../../src/runner/index.js';
import { canonicalJson } from '../../src/runner/canonical-json.js';
import { config, CONFIG } from './in-memory.js';

function catalog(cells: Record<string, string[]>, metadata: object = {}): PlanInput {
  const text = JSON.stringify({ metadata: { parent_order: 2, latitude: 'authalic-wgs84', total_cells: Object.keys(cells).length, ...metadata }, catalog: cells });
  return { kind: 'catalog', catalog: parseCatalog(text, 'c.json'), name: 'c.json' };
}

const granules: PlanInput = { kind: 'granules', granules: ['/data/b.h5', 'https://host/a.h5?x=1'] };

test('cells stand in ascending nested order, granules by their names, whatever the order of the file', async () => {
  const { plan } = await makePlan(config(), catalog({ '-111': ['z.h5'], '222': ['b.h5', 'z.h5'], '111': ['/data/c.h5', 'b.h5'] }));
  expect(plan.cells!.map(cell => [cell.morton, cell.nested])).toEqual([['111', 0], ['222', 21], ['-111', 96]]);
  expect(plan.granules.map(granule => granule.id)).toEqual(['b.h5', 'c.h5', 'z.h5']);
  expect(plan.cells!.map(cell => cell.granules)).toEqual([[0, 1], [0, 2], [2]]);
  const turned = await makePlan(config(), catalog({ '111': ['b.h5', '/data/c.h5'], '222': ['z.h5', 'b.h5'], '-111': ['z.h5'] }));
  expect(turned.plan.id).toBe(plan.id);
});

test('a catalog that lists fewer granules than it was built from says so, unless it was cut to an area', async () => {
  const notices = async (metadata: object): Promise<readonly string[]> => (await makePlan(config(), catalog({ '111': ['a.h5'], '222': ['a.h5', 'b.h5'] }, metadata))).notices.map(({ tag, message }) => `${tag}: ${message}`);
  expect(await notices({ total_granules: 3 })).toEqual([expect.stringMatching(/^granules-unlisted: c\.json was built from 3 granules and lists 2: .* build it anew/)]);
  for (const metadata of [{}, { total_granules: 2 }, { total_granules: 3, bbox: [0, 0, 10, 10] }]) expect(await notices(metadata)).toEqual([]);
});

test('granules are known by their names, however they are reached', async () => {
  const { plan } = await makePlan(config(), granules);
  expect(plan).toMatchObject({ cells: undefined, granules: [{ id: 'b.h5', url: '/data/b.h5' }, { id: 'a.h5', url: 'https://host/a.h5?x=1' }] });
  const elsewhere = await makePlan(config(), { kind: 'granules', granules: ['b.h5', '/other/a.h5'] });
  expect(elsewhere.plan.id).toBe(plan.id);
});

test('the identity changes with what changes the bytes, and with nothing else', async () => {
  const id = async (text: string, input: PlanInput = granules): Promise<string> => (await makePlan(config(text), input)).plan.id;
  const base = await id(CONFIG);
  expect(base).toMatch(/^[0-9a-f]{16}$/);
  expect(await id(`# a comment\n${CONFIG}\n`)).toBe(base);
  expect(await id(CONFIG.replace('output:', 'output:\n  store: elsewhere.zarr'))).toBe(base);
  for (const [from, to] of [['float64', 'float32'], ['function: sum', 'function: mean'], ['value: 0', 'value: 1'], ['child_order: 4', 'child_order: 5'], ['"/{group}/h"', '"/{group}/h2"'], ['groups: [a, b]', 'groups: [b, a]']] as const) {
    expect(CONFIG).toContain(from);
    expect(await id(CONFIG.replace(from, to))).not.toBe(base);
  }
  expect(await id(CONFIG, { kind: 'granules', granules: ['a.h5', 'b.h5'] })).not.toBe(base);
});

test('overviews that will have no values of some variables are told of', async () => {
  const told = async (variable: string, overviews: string): Promise<readonly string[]> => {
    const text = CONFIG.replace('h_sum: { function: sum,', `h_x: { ${variable},`).replace('output:', `output:\n  overviews: ${overviews}`);
    return (await makePlan(config(text), granules)).notices.map(({ tag, message }) => `${tag}: ${message}`);
  };
  const median = 'function: median';
  expect(await told(median, '[1]')).toEqual([expect.stringMatching(/^overviews-without-values: the overview of order 1, which is coarser than the parent order 2, has no values of h_x: /)]);
  expect(await told(median, '[0, 1, 2, 3]')).toEqual([expect.stringMatching(/the overviews of the orders 0, 1, which are coarser than the parent order 2, have no values of h_x: /)]);
  expect(await told(median, '[2, 3]')).toEqual([]);
  expect(await told('function: mean', '[0, 1]')).toEqual([]);
});

test('parent orders: the catalog\'s, the config\'s, 6 without both; never two', async () => {
  const open = config(CONFIG.replace('parent_order: 2, ', '').replace('child_order: 4', 'child_order: 8'));
  expect((await makePlan(open, granules)).plan.parentOrder).toBe(6);
  expect((await makePlan(open, catalog({ '111': ['a.h5'] }))).plan.parentOrder).toBe(2);
  await expect(makePlan(config(), catalog({ '1111': ['a.h5'] }, { parent_order: 3 }))).rejects.toMatchObject({ tag: 'parent-order', message: expect.stringContaining('c.json was built for parent order 3') as string });
  const low = config(CONFIG.replace('parent_order: 2, ', ''));
  await expect(makePlan(low, catalog({ '111111': ['a.h5'] }, { parent_order: 5 }))).rejects.toMatchObject({ tag: 'order' });
});

test('cells that are asked for', async () => {
  const { plan } = await makePlan(config(), granules, { selection: { cells: [7], maxCells: 1 } });
  const complete = completePlan(plan, new Map([[9, [0]], [7, [0, 1]]]));
  expect(complete.cells.map(cell => cell.nested)).toEqual([7, 9]);
  expect(selectedCells(complete)).toEqual([0]);
  expect(() => selectedCells({ ...complete, selection: { cells: [8] } })).toThrow('is not among the 2 cells');
});

test('no granules', async () => {
  await expect(makePlan(config(), { kind: 'granules', granules: [] })).rejects.toMatchObject({ tag: 'no-granules' });
});

test('canonical JSON does not know the order of keys', () => {
  expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe('{"a":true,"b":[1,{"c":"x","d":null}]}');
});
