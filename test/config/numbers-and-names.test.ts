import { parseConfig, parseConfigDocument } from '../../src/config/index.js';
import { assertLayout } from '../../src/zarr/layout.js';
import { configText, diagnose } from './marked.js';

const source = (more: string): string => configText({ source: `  coordinates: {latitude: /lat, longitude: /lon}\n  variables: {h_li: /h, s_li: /s}\n  ${more}\n` });
const filter = (test: string): string => source(`filters: [{dataset: /a, ${test}}]`);
const histogram = (name: string): string => `    ${name}: {function: histogram, source: h_li, params: {bins: [0, 1]}, dtype: uint32, fill_value: 0}\n`;

/** The one diagnostic of a marked text is an error at the mark, without a fix. */
function expectOne(marked: string, code: string, message: RegExp): void {
  const { diagnostics, place, isUsable } = diagnose(marked);
  const { line, column, endLine, endColumn } = place;
  expect(diagnostics).toEqual([{ code, severity: 'error', message: expect.stringMatching(message) as unknown, path: expect.any(String) as unknown, line, column, endLine, endColumn }]);
  expect(isUsable).toBe(false);
}

test.each([
  'equal: «9007199254740993»', 'equal: «9007199254740992»', 'not_equal: «-9007199254740993»', 'less: «18446744073709551615»', 'less_equal: «9_007_199_254_740_993»', 'greater: «+9007199254740993»',
  'greater_equal: «0x2000000000000E»', 'range: [0, «9223372036854775807»]', 'range: [«-9223372036854775808», 0]', 'in: [1, «9007199254740993», 2]', `less: «1${'0'.repeat(60)}»`
])('%s cannot be compared exactly', test => {
  expectOne(filter(test), 'wrong-value', /^data_source\.filters\[0\]\.\w+(\[\d\])?: expected a whole number between -2\^53 and 2\^53.*found [-+\dx].*bits_set and bits_clear.*an expression on a difference/);
});

test('the short form and numbers by an alias alike', () => {
  expectOne(source('quality_filter: {dataset: /q, value: «9007199254740993»}'), 'wrong-value', /^data_source.quality_filter.value: .*found 9007199254740993/);
  const { diagnostics } = parseConfig(source('quality_filter: {dataset: /q, value: &big 9007199254740993}\n  filters: [{dataset: /a, less: *big}]'));
  expect(diagnostics.map(({ path }) => path)).toEqual(['data_source.quality_filter.value', 'data_source.filters[0].less']);
});

test('each such number of a list is told', () => {
  const { diagnostics } = parseConfig(filter('in: [9007199254740993, 3, -9007199254740995]'));
  expect(diagnostics.map(({ path }) => path)).toEqual(['data_source.filters[0].in[0]', 'data_source.filters[0].in[2]']);
});

test.each<[written: string, value: number]>([
  ['9007199254740991', Number.MAX_SAFE_INTEGER], ['-9007199254740991', Number.MIN_SAFE_INTEGER], ['1.0e+20', 1e20], ['3.4028234663852886e+38', 3.4028234663852886e38], ['9007199254740994.0', 9007199254740994]
])('less: %s is taken as it is', (written, value) => {
  const { config, diagnostics } = parseConfig(filter(`less: ${written}`));
  expect(diagnostics).toEqual([]);
  expect(config!.source.filters).toMatchObject([{ test: { op: 'less', value } }]);
});

test('no fix leads to a number that is refused', () => {
  expectOne(filter('less: «"9007199254740993"»'), 'wrong-type', /expected a number/);
  expectOne(filter('in: «9007199254740993»'), 'wrong-type', /expected a list/);
});

test('in a document without a text nobody knows how the number was written: a warning', () => {
  const { config } = parseConfig(filter('less: 1.0e+17'));
  expect(parseConfigDocument(config!.document)).toMatchObject({ config, diagnostics: [{ code: 'wrong-value', severity: 'warning', path: 'data_source.filters[0].less' }] });
  const { document } = parseConfig(filter('less: 3.4028234663852886e+38')).config!;
  expect(parseConfigDocument(document).diagnostics).toEqual([]);
});

test.each<[key: string, message: RegExp]>([
  ['cell_ids', /coordinate; choose another/], ['morton', /coordinate/], ['parents', /parents is the group that says/], ['zarr.json', /file of the metadata/],
  ...['a/b', 'höhe', 'a b', '-a', '.a', '.', '..', '...', '__a', 'a+b', '50%', 'a~b', '"a\\n"', 'h_lí'].map((key): [string, RegExp] => [key, /letters A to Z, digits, _, \. and -, begins with/])
])('no variable is called %s', (key, message) => {
  expectOne(configText({ variables: `    «${key}»: {function: max, source: h_li}\n` }), 'wrong-value', message);
});

test('names that the store takes', () => {
  const names = ['h_max', '_h', '9', 'a.b', 'a-b', 'A', 'parents2', 'cell_ids.', 'zarr.jsonx', '9.', 'constructor', 'x_bin'];
  const { config, diagnostics } = parseConfig(configText({ variables: names.map(name => `    "${name}": {function: max, source: h_li}\n`).join('') }));
  expect(diagnostics).toEqual([]);
  expect(new Set(config!.variables.map(({ name }) => name))).toEqual(new Set(names));
});

test('the config takes no name that the store refuses', () => {
  const letters = ['a', 'Z', '5', '_', '.', '-', '/', ' ', 'é', '~', '%', '\\'];
  const names = ['cell_ids', 'morton', 'parents', 'zarr.json', '...', ...letters.flatMap(a => letters.flatMap(b => [a, a + b, `x${a}${b}`]))];
  const isStored = (name: string): boolean => {
    try {
      assertLayout({ parentOrder: 6, childOrder: 12, parents: [0n], latitude: 'authalic', mortonDtype: 'uint64', compression: 'none', variables: [{ name, dtype: 'float32', fillValue: NaN }] });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ tag: 'bad-layout' });
      return false;
    }
  };
  for (const name of new Set(names)) {
    const { config } = parseConfig(configText({ variables: `    ${JSON.stringify(name)}: {function: max, source: h_li}\n` }));
    // Zarr keeps names that begin with __ for itself.
    expect([name, config !== undefined]).toEqual([name, isStored(name) && !name.startsWith('__')]);
  }
});

test('no variable has the name of the bins of a histogram', () => {
  const message = /^x_bin is the coordinate of the histogram x, .*another name$/;
  expectOne(configText({ variables: `${histogram('x')}    «x_bin»: {function: max, source: h_li}\n` }), 'duplicate-name', message);
  expectOne(configText({ variables: `    «x_bin»: {function: max, source: h_li}\n${histogram('x')}` }), 'duplicate-name', message);
  expectOne(configText({ variables: `${histogram('x')}${histogram('«x_bin»')}` }), 'duplicate-name', message);
  // Though it is wrong itself, it cannot be called so.
  const { diagnostics } = parseConfig(configText({ variables: `${histogram('x')}    x_bin: {function: meen, source: h_li}\n` }));
  expect(diagnostics.map(({ code }) => code).sort()).toEqual(['duplicate-name', 'unknown-function']);
  expect(parseConfig(configText({ variables: `${histogram('x')}${histogram('y')}    z_bin: {function: max, source: h_li}\n` })).diagnostics).toEqual([]);
});
