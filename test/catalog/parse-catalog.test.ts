import { MaggError } from '../../src/base/index.js';
import { formatCatalog, parseCatalog } from '../../src/catalog/index.js';
import { judge } from '../judge.js';

const text = (metadata: object, cells: string): string => `{"metadata": ${JSON.stringify(metadata)}, "catalog": {${cells}}}`;
const messageOf = (source: string): string => {
  try {
    parseCatalog(source, 'cells.json');
  } catch (error) {
    if (error instanceof MaggError && error.tag === 'bad-catalog') return error.message;
    throw error;
  }
  throw new Error('read without an error');
};
const two = { parent_order: 2, total_cells: 2 };

/** Written by Python's json with the keys in this order, as old catalogs are: signed decimals, so the south runs backwards. */
const OLD = `
import json, sys
cells = {"-533": ["s3://b/x/ATL06_1.h5", "s3://b/x/ATL06_2.h5"], "-111": ["s3://b/x/ATL06_2.h5"], "111": [], "444": ["s3://b/x/a\\u00e9 \\"q\\" \\\\.h5"]}
metadata = {"short_name": "ATL06", "version": "007", "parent_order": 2, "total_cells": 4, "bbox": None, "cycle": 22, "extra": {"3": 1}}
json.dump({"metadata": metadata, "catalog": cells}, sys.stdout, indent=2)
`;

test('reads an old catalog in the order of its file, signs mixed', () => {
  const catalog = parseCatalog(judge(OLD).toString());
  expect(catalog.cells.map(c => c.morton)).toEqual(['-533', '-111', '111', '444']);
  // Base cells 5 of the south and 1 of the north: nested ids from the definition, base·16 + digits.
  expect(catalog.cells.map(c => c.cell)).toEqual([10n * 16n + 2n * 4n + 2n, 6n * 16n, 0n, 3n * 16n + 3n * 4n + 3n]);
  expect(catalog.cells.map(c => c.granules)).toEqual([['s3://b/x/ATL06_1.h5', 's3://b/x/ATL06_2.h5'], ['s3://b/x/ATL06_2.h5'], [], ['s3://b/x/aé "q" \\.h5']]);
  expect(catalog.parentOrder).toBe(2);
  expect(catalog.latitude).toBe('spherical');
  expect(catalog.metadata).toEqual({ short_name: 'ATL06', version: '007', parent_order: 2, total_cells: 4, cycle: 22, extra: { 3: 1 } });
});

test('what is written is read by another parser in the same order, and by our own as the same', () => {
  const catalog = parseCatalog(judge(OLD).toString());
  const written = formatCatalog(catalog);
  const order = judge('\nimport json, sys\nd = json.load(sys.stdin)\nprint(json.dumps([list(d["catalog"].items()), d["metadata"]["version"]]))\n', [], written);
  expect(JSON.parse(order.toString())).toEqual([catalog.cells.map(c => [c.morton, c.granules]), '007']);
  expect(parseCatalog(written)).toEqual(catalog);
});

test.each([['authalic-wgs84', 'authalic'], ['geodetic-spherical', 'spherical']])('latitude %s is %s', (written, convention) => {
  expect(parseCatalog(text({ parent_order: 0, latitude: written }, '"-6": []')).latitude).toBe(convention);
});

test('members may come in any order, unknown ones are passed over', () => {
  const catalog = parseCatalog('{"note": [1, {"a": 2}], "catalog": {"3": ["a.h5"]}, "metadata": {"parent_order": 0, "version": 7}}');
  expect(catalog.cells).toEqual([{ cell: 2n, morton: '3', granules: ['a.h5'] }]);
  expect(catalog.metadata.version).toBe('7');
});

test('a cut-off file is an error that says where', () => {
  const whole = text(two, '"111": ["a.h5", "b.h5"],\n"112": ["a.h5"]');
  for (let length = 0; length < whole.length; length++) expect(messageOf(whole.slice(0, length))).toMatch(/line [12], column \d+: expected .*cut off|expected a value/);
  expect(messageOf(whole.slice(0, whole.length - 5))).toContain('cells.json, line 2');
});

test('a catalog with cells cut out is an error with the remedy', () => {
  expect(messageOf(text(two, '"111": []'))).toMatch(/total_cells is 2, but 1 cells stand in the file.*build the catalog anew/);
});

test.each([
  ['no object', '[]', /line 1, column 1: expected an object/],
  ['no metadata', '{"catalog": {"111": []}}', /expected the member "metadata"/],
  ['metadata of another kind', '{"metadata": [], "catalog": {}}', /column 14: expected "metadata" to be an object/],
  ['no cells', '{"metadata": {"parent_order": 2}}', /expected the member "catalog"/],
  ['cells of another kind', '{"metadata": {"parent_order": 2}, "catalog": []}', /expected an object, found "\[\]}"/],
  ['no parent order', text({ total_cells: 1 }, '"111": []'), /metadata.parent_order/],
  ['null as parent order', text({ parent_order: null }, '"111": []'), /metadata.parent_order/],
  ['a parent order that is none', text({ parent_order: 2.5 }, '"111": []'), /metadata.parent_order to be a HEALPix order from 0 to 24, found 2.5/],
  ['a latitude that is none', text({ parent_order: 2, latitude: 'authalic' }, '"111": []'), /authalic-wgs84 or geodetic-spherical, found "authalic"/],
  ['a number of cells that is none', text({ parent_order: 2, total_cells: '1' }, '"111": []'), /metadata.total_cells/],
  ['another order', text(two, '"111": [], "4441": []'), /column \d+: the cell 4441 is of order 3, but metadata.parent_order is 2/],
  ['a digit beyond 4', text(two, '"115": []'), /found "115"/],
  ['a base beyond 6', text(two, '"711": []'), /found "711"/],
  ['no id at all', text(two, '"tile": []'), /found "tile"/],
  ['an empty id', text(two, '"": []'), /found ""/],
  ['a sign alone', text(two, '"-": []'), /found "-"/],
  ['a cell twice', text(two, '"111": ["a.h5"], "111": ["b.h5"]'), /stands twice/],
  ['a granule that is a number', text(two, '"111": [7]'), /the path or URL of a granule in the cell 111, found "7/],
  ['an empty granule', text(two, '"111": [""]'), /in the cell 111, found an empty text/],
  ['granules that are no list', text(two, '"111": "a.h5"'), /expected a list, found/],
  ['no cell in it', text({ parent_order: 2, total_cells: 0 }, ''), /expected at least one cell, found none/],
  ['something behind it', `${text({ parent_order: 2 }, '"111": []')}{`, /expected the end of the document/]
])('%s is an error', (_, source, message) => {
  expect(messageOf(source)).toMatch(message);
});

test('a granule twice in a cell is an error, whichever way it is reached; in two cells it is not', () => {
  expect(messageOf(text(two, '"111": ["s3://b/a.h5", "https://h/d/a.h5?x=1"]'))).toMatch(/https:\/\/h\/d\/a.h5\?x=1 is listed twice in the cell 111/);
  expect(messageOf(text(two, '"111": ["b.h5"], "112": ["a.h5", "b.h5", "a.h5"]'))).toMatch(/a.h5 is listed twice in the cell 112/);
  expect(parseCatalog(text(two, '"111": ["a.h5"], "112": ["a.h5"]')).cells).toHaveLength(2);
});

test('an escape is not taken for a known granule that looks like it', () => {
  // The first ends in a backslash and a b, the second in a backspace; the third goes on after an escaped quote.
  const raw = ['"https://h/x\\\\b"', '"https://h/x\\b"', '"https://h/x\\\\"', '"https://h/x\\"y"'];
  const catalog = parseCatalog(text({ parent_order: 2 }, ['111', '112'].map(key => `"${key}": [${raw.join(',')}]`).join(',')));
  for (const cell of catalog.cells) expect(cell.granules).toEqual(['https://h/x\\b', 'https://h/x\b', 'https://h/x\\', 'https://h/x"y']);
});

test('thousands of granules that end alike, or hold escapes, keep apart', () => {
  // The table finds strings by their last characters: these all end in the same ones.
  const granules = Array.from({ length: 3000 }, (_, i) => `https://host/${i}.h5?${'signature'.repeat(8)}`);
  const escaped = Array.from({ length: 50 }, (_, i) => `https://host/q"${i}\\${'x'.repeat(40)}.h5`);
  const cells = ['111', '112', '113'].map(key => `"${key}": ${JSON.stringify([...granules, ...escaped])}`);
  const catalog = parseCatalog(text({ parent_order: 2 }, cells.join(',')));
  for (const cell of catalog.cells) expect(cell.granules).toEqual([...granules, ...escaped]);
});
