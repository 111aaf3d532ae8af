import { cpuSeconds } from '../cpu-seconds.js';
import { MaggError } from '../../src/base/index.js';
import { formatCatalog, parseCatalog, type Catalog } from '../../src/catalog/index.js';
import { mutateText } from '../mutate-text.js';
import { randomFrom } from '../random.js';

const granules = ['s3://bucket/a b/ATL06_20190416093911_02770303_002_01.h5', 'https://example.org/\u00e9"\\.h5', '/data/c.h5'];
const digits = ['111', '112', '-521', '-644', '231', '344'];
const CELLS = digits.map((morton, i) => `"${morton}": ${JSON.stringify(granules.slice(0, 1 + (i % 3)))}`).join(',\n  ');
const TEXT = `{"metadata": {"parent_order": 2, "total_cells": 6, "short_name": "ATL06", "bbox": [-51.5, 69, -49, 72], "extra": {"1": [true, null]}},\n "catalog": {\n  ${CELLS}}}\n`;

/** The catalog, or undefined where a MaggError says what is wrong; anything else is thrown on. */
function read(text: string): Catalog | undefined {
  try {
    return parseCatalog(text, 'damaged.json');
  } catch (error) {
    if (!(error instanceof MaggError) || error.tag !== 'bad-catalog') throw error;
    expect(error.message).toMatch(/^damaged\.json/);
    expect(error.message).not.toMatch(/undefined|\[object|call stack|is not a function/);
    expect(error.message.length).toBeLessThan(2000);
    return undefined;
  }
}

test('500 damaged catalogs are refused with a reason or read whole', () => {
  expect(read(TEXT)?.cells.map(({ morton }) => morton)).toEqual(digits);
  const random = randomFrom(2028);
  const before = process.memoryUsage().rss;
  let slowest = 0;
  let readable = 0;
  for (let round = 0; round < 500; round++) {
    const text = mutateText(TEXT, random);
    const start = cpuSeconds();
    const catalog = read(text);
    slowest = Math.max(slowest, cpuSeconds() - start);
    if (!catalog) continue;
    readable++;
    // JSON says the same of what was read as a catalog: no cell and no granule is lost.
    const { catalog: plain } = JSON.parse(text.replace(/^\ufeff/, '')) as { catalog: Record<string, string[]> };
    expect(Object.fromEntries(catalog.cells.map(({ morton, granules: of }) => [morton, of]))).toEqual(plain);
    expect(read(formatCatalog(catalog))).toEqual(catalog);
  }
  expect(readable).toBeGreaterThan(20);
  expect(readable).toBeLessThan(300);
  // Both are the bounds that are promised, far from what is usual.
  expect(slowest).toBeLessThan(5);
  expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
}, 60_000);

test.each<[name: string, text: string]>([
  ['lists nested without end', `{"metadata": ${'['.repeat(500_000)}`],
  ['objects nested without end', `{"metadata": ${'{"a":'.repeat(500_000)}`],
  ['a number of 500,000 digits', `{"metadata": {"parent_order": ${'9'.repeat(500_000)}}, "catalog": {"111": []}}`],
  ['a cell of 500,000 digits', `{"metadata": {"parent_order": 2}, "catalog": {"${'1'.repeat(500_000)}": []}}`],
  ['a text that does not end', `{"metadata": {"parent_order": 2}, "catalog": {"111": ["${'a'.repeat(500_000)}`],
  ['a text of quotes', '"'.repeat(500_000)],
  ['escapes without end', `{"${'\\u0041'.repeat(200_000)}`]
])('%s', (_, text) => {
  expect(read(text)).toBeUndefined();
});
