import { buildCatalog, formatCatalog, parseCatalog, parseGranuleName } from '../../src/catalog/index.js';

const created = new Date('2026-01-02T03:04:05.678Z');
const names = ['d/processed_ATL06_20190621191922_12910305_002_01.h5', 'd/processed_ATL06_20190416093911_02770303_002_01.h5'];
const input = {
  parentOrder: 1, latitude: 'authalic' as const, created, granules: names,
  parents: new Map([[47n, [names[1]!]], [3n, names], [24n, [names[0]!]]])
};

test('cells in ascending nested order, granules in theirs, metadata from the names', () => {
  const catalog = buildCatalog(input);
  expect(catalog.cells).toEqual([
    { cell: 3n, morton: '14', granules: names },
    { cell: 24n, morton: '-11', granules: [names[0]] },
    { cell: 47n, morton: '-64', granules: [names[1]] }
  ]);
  expect(catalog.metadata).toEqual({
    short_name: 'ATL06', version: '002', start_date: '2019-04-16', end_date: '2019-06-21', parent_order: 1, latitude: 'authalic-wgs84',
    total_granules: 2, total_cells: 3, created: '2026-01-02T03:04:05.678Z'
  });
  expect(parseCatalog(formatCatalog(catalog))).toEqual(catalog);
});

test('what the names do not agree on is left out, what the caller says wins', () => {
  const granules = ['ATL06_20190416093911_02770303_002_01.h5', 'ATL06_20190416093911_02770303_007_01.h5'];
  const { metadata } = buildCatalog({ ...input, granules, latitude: 'spherical', metadata: { start_date: '2019-01-01', provider: 'P' } });
  expect(metadata).toMatchObject({ short_name: 'ATL06', start_date: '2019-01-01', end_date: '2019-04-16', provider: 'P', latitude: 'geodetic-spherical' });
  expect(metadata).not.toHaveProperty('version');
  const other = buildCatalog({ ...input, granules: ['a.h5', ...names] }).metadata;
  expect(Object.keys(other)).toEqual(['parent_order', 'latitude', 'total_granules', 'total_cells', 'created']);
});

test('a catalog without cells is an error', () => {
  expect(() => buildCatalog({ ...input, parents: new Map() })).toThrow(/found none in 2 granules/);
});

test('names of granules', () => {
  expect(parseGranuleName('ATL03_20181014031924_02370102_007_01.h5')).toEqual({ shortName: 'ATL03', version: '007', date: '2018-10-14' });
  expect(parseGranuleName('ATL06_2019041609391_02770303_002_01.h5')).toBeUndefined();
});
