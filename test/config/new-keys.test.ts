import { applyFix, parseConfig, resolveInnerOrder, type DiagnosticCode, type PipelineConfig } from '../../src/config/index.js';
import { configText, diagnose } from './marked.js';

const source = (more: string): string => configText({ source: `  coordinates: {latitude: /lat, longitude: /lon}\n  variables: {h_li: /h, s_li: /s}\n  ${more}\n` });
const output = (more: string, grid = 'child_order: 12, parent_order: 6'): string => configText({ output: `  grid: {${grid}}\n  ${more}\n` });
const variable = (more: string): string => configText({ variables: `    x: {function: max, source: h_li, ${more}}\n` });
const top = (more: string): string => configText({ top: `${more}\n` });

function read(text: string): PipelineConfig {
  const { config, diagnostics } = parseConfig(text);
  expect(diagnostics).toEqual([]);
  return config!;
}

const at = (dataset: string, column?: number, level?: string): object => ({ dataset, column, level });

test('datasets with a column and a level, wherever they stand', () => {
  const { source: found } = read(configText({
    source: `  groups: [gt1l]
  levels:
    segments: {index: "/{group}/beg", count: "/{group}/n"}
    blocks: {index: "/{group}/b", count: "/{group}/c", index_base: 0}
  coordinates:
    latitude: {dataset: "/{group}/lat", level: segments}
    longitude: {dataset: "/{group}/lon", level: segments}
  variables:
    h_li: "/{group}/h"
    s_li: {dataset: "/{group}/conf", column: 3, level: blocks}
  quality_filter: {dataset: "/{group}/q", column: 1, level: segments, value: 4}
  filters:
  - {dataset: "/{group}/r", column: 0, level: blocks, less: 1}
`
  }));
  expect(found).toMatchObject({
    levels: [{ name: 'segments', index: '/{group}/beg', count: '/{group}/n', indexBase: 1 }, { name: 'blocks', index: '/{group}/b', count: '/{group}/c', indexBase: 0 }],
    latitude: at('/{group}/lat', undefined, 'segments'), longitude: at('/{group}/lon', undefined, 'segments'),
    columns: [{ name: 'h_li', ...at('/{group}/h') }, { name: 's_li', ...at('/{group}/conf', 3, 'blocks') }],
    filters: [
      { kind: 'dataset', ...at('/{group}/q', 1, 'segments'), test: { op: 'equal', value: 4 } },
      { kind: 'dataset', ...at('/{group}/r', 0, 'blocks'), test: { op: 'less', value: 1 } }
    ]
  });
});

test.each<[written: string, test: object]>([
  ['equal: -1.5', { op: 'equal', value: -1.5 }], ['not_equal: 0', { op: 'not-equal', value: 0 }], ['less: 1', { op: 'less', value: 1 }], ['less_equal: 1', { op: 'less-equal', value: 1 }],
  ['greater: 1e-3', { op: 'greater', value: 0.001 }], ['greater_equal: 1', { op: 'greater-equal', value: 1 }], ['range: [-1, -1]', { op: 'range', low: -1, high: -1 }], ['in: [3, 1, 3]', { op: 'in', values: [3, 1, 3] }],
  ['bits_set: 63', { op: 'bits', set: [63], clear: [] }], ['bits_clear: [5, 0, 5]', { op: 'bits', set: [], clear: [0, 5] }], ['bits_set: [1], bits_clear: 2', { op: 'bits', set: [1], clear: [2] }], ['not_fill: true', { op: 'not-fill' }]
])('the filter %s', (written, expected) => {
  const { config } = parseConfig(source(`filters: [{dataset: /a, ${written}}]`));
  expect(config?.source.filters).toEqual([{ kind: 'dataset', ...at('/a'), test: expected }]);
});

test('the short form comes first, expressions and computed columns see what is above them', () => {
  const config = read(configText({
    source: '  coordinates: {latitude: /lat, longitude: /lon}\n  variables: {h_li: /h, s_li: /s}\n  filters:\n  - {expression: h < 4000}\n  - {dataset: /b, less: 1}\n  quality_filter: {dataset: /q, value: 0}\n  let:\n    w: 1 / s_li**2\n    h: h_li * w\n',
    variables: '    x: {function: max, source: h}\n    y: {function: average, source: h_li, params: {weights: w}}\n    z: {expression: "np.sum(h[w > 1])"}\n'
  }));
  expect(config.source.filters.map(filter => (filter.kind === 'expression' ? filter.text : filter.dataset))).toEqual(['/q', 'h < 4000', '/b']);
  expect(config.source.lets.map(({ name, text }) => [name, text])).toEqual([['w', '1 / s_li**2'], ['h', 'h_li * w']]);
  expect(config.source.lets[0]!.expression).toMatchObject({ kind: 'binary', operator: '/', left: { value: 1 }, right: { operator: '**', left: { kind: 'column', name: 's_li' } } });
  expect(config.variables.map(({ name }) => name)).toEqual(['x', 'y', 'z']);
});

test('attributes', () => {
  const [x] = read(variable('units: m, long_name: the top, attributes: {valid_range: [-500, 9000], flags: {a: true}, note: "1e-3"}')).variables;
  expect(x!.attributes).toEqual({ units: 'm', long_name: 'the top', valid_range: [-500, 9000], flags: { a: true }, note: '1e-3' });
  expect(read(variable('attributes: {units: m}')).variables[0]!.attributes).toEqual({ units: 'm' });
  expect(read(configText()).variables[0]!.attributes).toEqual({});
});

test('layout, sharding, overviews and run have defaults that older configs keep', () => {
  expect(read(configText())).toMatchObject({ layout: 'dense', sharding: undefined, overviews: [], run: { memoryBytes: undefined, workers: undefined } });
  expect(read(output('sharding: false'))).toMatchObject({ sharding: undefined });
  expect(read(output('layout: full-sphere\n  overviews: [9, 0, 6]\n  sharding: {inner_order: 12}'))).toMatchObject({ layout: 'full-sphere', overviews: [0, 6, 9], sharding: { innerOrder: 12 } });
  expect(read(output('sharding: true'))).toMatchObject({ sharding: { innerOrder: 8 } });
  expect(read(output('sharding: true', 'child_order: 12'))).toMatchObject({ sharding: { innerOrder: 'auto' } });
});

test.each<[written: string, bytes: number]>([
  ['500MB', 5e8], ['2GB', 2e9], ['1.5GiB', 1.5 * 2 ** 30], ['64000000', 64e6], ['"64 mb"', 64e6], ['100000kB', 1e8], ['70MiB', 70 * 2 ** 20], ['.5TB', 5e11], ['64000000B', 64e6], ['1TiB', 2 ** 40], ['2e+9', 2e9]
])('run.memory %s', (written, bytes) => {
  const { config } = parseConfig(top(`run: {memory: ${written}, workers: 3}`));
  expect(config?.run).toEqual({ memoryBytes: bytes, workers: 3 });
});

test('an inner order is chosen between few chunks and small ones', () => {
  for (let parent = 0; parent <= 24; parent++) {
    for (let child = parent; child <= Math.min(29, parent + 12); child++) {
      const inner = resolveInnerOrder({ innerOrder: 'auto' }, parent, child)!;
      expect(inner >= parent && inner <= child).toBe(true);
      expect(4 ** (inner - parent)).toBeLessThanOrEqual(1024);
      expect(4 ** (child - inner)).toBeGreaterThanOrEqual(Math.min(256, 4 ** (child - parent)));
    }
  }
  expect(resolveInnerOrder(undefined, 6, 12)).toBeUndefined();
  expect(resolveInnerOrder({ innerOrder: 9 }, 6, 12)).toBe(9);
  expect(() => resolveInnerOrder({ innerOrder: 5 }, 6, 12)).toThrow(expect.objectContaining({ tag: 'config', message: expect.stringMatching(/inner_order 5 is not from the parent order 6 to the child order 12/) as unknown }) as Error);
});

const CASES: readonly [code: DiagnosticCode, text: string, message: RegExp, fixed?: string][] = [
  ['filter', source('filters: [{dataset: /a, equal: 1, «less»: 2}]'), /one test, found equal and less/],
  ['filter', source('filters: [{dataset: /a, bits_set: 1, «not_fill»: true}]'), /found bits_set and not_fill/],
  ['filter', source('filters: [{«dataset»: /a}]'), /has a dataset and no test: write one of equal, not_equal/],
  ['filter', source('filters: [{«less»: 1}]'), /less has nothing to test: write dataset/],
  ['filter', source('filters: [«{}»]'), /a dataset and a test, such as less: 1, or an expression/],
  ['filter', source('filters: [{dataset: /a, bits_set: [1, 2], «bits_clear»: [2]}]'), /bit 2 is in bits_set and in bits_clear/],
  ['filter', source('filters: [{expression: h_li < 1, «dataset»: /a}]'), /dataset stands beside an expression/],
  ['filter', source('filters: [{expression: h_li < 1, «less»: 1}]'), /less stands beside an expression/],
  ['unknown-key', source('filters: [{dataset: /a, «eqal»: 1}]'), /did you mean equal\?/, 'equal: 1'],
  ['unknown-key', source('filters: [{dataset: /a, «lesser»: 1}]'), /did you mean less/, 'less: 1'],
  ['wrong-value', source('filters: [{dataset: /a, in: «[]»}]'), /expected at least one entry/],
  ['wrong-value', source('filters: [{dataset: /a, range: «[1]»}]'), /two numbers \[low, high\], found 1/],
  ['wrong-value', source('filters: [{dataset: /a, bits_set: «64»}]'), /from 0 to 63, found 64/],
  ['wrong-value', source('filters: [{dataset: /a, bits_clear: [1, «-1»]}]'), /from 0 to 63, found -1/],
  ['wrong-value', source('filters: [{dataset: /a, not_fill: «false»}]'), /expected true, found false/, 'not_fill: true'],
  ['wrong-type', source('filters: [{dataset: «{dataset: /a, column: 1}», less: 1}]'), /expected a text, found a mapping/],
  ['wrong-type', source('filters: [{dataset: /a, less: «"1"»}]'), /expected a number/, 'less: 1'],
  ['wrong-type', source('filters: ["«h_li < 4000»"]').replace('"«', '«"').replace('»"', '"»'), /expected a mapping/, '{expression: "h_li < 4000"}'],
  ['wrong-type', source('filters: «{dataset: /a, less: 1}»'), /expected a list/],
  ['template', source('filters: [{dataset: "/«{group}»/a", less: 1}]'), /groups is missing/],
  ['template', source('levels: {l: {index: "/«{group}»/i", count: /c}}\n  quality_filter: {dataset: /q, level: l, value: 0}'), /groups is missing/],
  ['expression-reduces', source('filters: [{expression: "«np.mean»(h_li) < 1"}]'), /np.mean makes one number of all rows of a cell.*compare columns and numbers/],
  ['expression-reduces', source('filters: [{expression: "h_li.«max»() > 1"}]'), /max makes one number/],
  ['unknown-column', source('filters: [{expression: "«h_lo» < 1"}]'), /did you mean h_li/, 'h_li < 1'],
  ['unknown-column', source('let: {a: "h_li + «b»", b: s_li}'), /b is computed further down: move it above a/],
  ['unknown-column', source('let: {a: "«a» + h_li"}'), /a is computed from itself/],
  ['wrong-value', source('let: {«a-b»: h_li}'), /cannot be the name of a computed column/],
  ['wrong-value', source('let: {«np»: h_li}'), /stands for Python's module/],
  ['wrong-type', source('let: {a: «1»}'), /expected a text, found 1/],
  ['unknown-level', source('levels: {geo: {index: /i, count: /c}}\n  filters: [{dataset: /a, level: «goe», less: 1}, {dataset: /a, level: geo, less: 1}]'), /goe is no level.*did you mean geo/, 'level: geo, less'],
  ['missing-key', source('levels: {«geo»: {index: /i}}\n  quality_filter: {dataset: /q, level: geo, value: 0}'), /count is missing/],
  ['wrong-value', source('levels: {geo: {index: /i, count: /c, index_base: «2»}}\n  quality_filter: {dataset: /q, level: geo, value: 0}'), /expected 1 or 0, found 2/],
  ['wrong-value', source('quality_filter: {dataset: /q, column: «-1», value: 0}'), /from 0 to 65535, found -1/],
  ['wrong-value', variable('attributes: {«_FillValue»: 1}'), /write fill_value/],
  ['wrong-value', variable('attributes: {«_Unsigned»: true}'), /belong to Zarr and xarray/],
  ['wrong-value', variable('attributes: {«scale_factor»: 0.1}'), /write the scaling into an expression/],
  ['wrong-value', variable('attributes: {«coordinates»: a}'), /the store says/],
  ['duplicate-name', variable('units: m, attributes: {«units»: km}'), /keep one of the two/],
  ['wrong-value', variable('units: «""»'), /found an empty one/],
  ['wrong-value', output('layout: «fullsphere»'), /dense or full-sphere/, 'layout: full-sphere'],
  ['orders', output('sharding: {inner_order: «13»}'), /13 is not from the parent order 6 to the child order 12/],
  ['orders', output('sharding: {inner_order: «5»}'), /5 is not from/],
  ['orders', output('sharding: {inner_order: «13»}', 'child_order: 12'), /above child_order 12/],
  ['orders', output('sharding: {inner_order: «30»}'), /from 0 to 29/],
  ['orders', output('overviews: [6, «12»]'), /no coarser than the cells, child_order 12: take 0 to 11/],
  ['wrong-value', output('overviews: «[6, 8, 6]»'), /6 is listed twice/],
  ['wrong-type', output('overviews: «6»'), /expected a list/, 'overviews: [6]'],
  ['wrong-value', top('run: {memory: «10MB»}'), /from 64MB to 64TB, found 10MB/],
  ['wrong-value', top('run: {memory: «63999999»}'), /from 64MB to 64TB, found 63999999 bytes/],
  ['wrong-value', top('run: {memory: «500M»}'), /a size such as 500MB/, 'memory: 500MB'],
  ['wrong-value', top('run: {memory: «much»}'), /found the text "much"/],
  ['wrong-value', top('run: {workers: «0»}'), /from 1 to 10000, found 0/],
  // What newcomers write.
  ['yaml-syntax', source('granules: [«*.h5»]'), /stands in quotes, "\*\.h5"/, 'granules: ["*.h5"]'],
  ['yaml-syntax', source('granules: «*.h5»'), /stands in quotes/, 'granules: ["*.h5"]'],
  ['yaml-syntax', source('granules:\n  - «*/a.h5»'), /stands in quotes/, '- "*/a.h5"'],
  ['yaml-syntax', source('granules: [«@»a.h5]'), /put the text in quotes/],
  ['wrong-type', variable('fill_value: «no»'), /found false/, 'fill_value: NaN'],
  ['wrong-type', variable('dtype: int32, fill_value: «off»'), /found false/, 'fill_value: 0'],
  ['wrong-type', output('compression: «no»'), /expected none, gzip or zstd, found false/, 'compression: none'],
  ['wrong-type', top('bounds: {temporal: {start_date: «2019»}}'), /expected a text/],
  ['wrong-value', variable(`fill_value: «${'9'.repeat(400)}»`), /999\.\.\. is beyond float64/]
];

test.each(CASES.map(([code, ...rest]) => [code, rest] as const))('%s %#', (code, [text, message, fixed]) => {
  const { diagnostics, place, isUsable } = diagnose(text);
  expect(diagnostics.map(found => `${found.code}: ${found.message}`)).toEqual([expect.stringMatching(new RegExp(`^${code}: `))]);
  expect(diagnostics[0]).toMatchObject({ message: expect.stringMatching(message) as unknown, line: place.line, column: place.column, endLine: place.endLine, endColumn: place.endColumn });
  expect(isUsable).toBe(false);
  const fix = diagnostics[0]!.fix;
  if (fixed !== undefined) expect(applyFix(place.text, fix!)).toContain(fixed);
  // A fix that is offered is whole: it leads to no other error.
  if (fix) expect(parseConfig(applyFix(place.text, fix)).diagnostics).toEqual([]);
});

test('a level that nothing uses is told', () => {
  const { config, diagnostics } = parseConfig(source('levels: {geo: {index: /i, count: /c}}'));
  expect(config).toBeDefined();
  expect(diagnostics).toMatchObject([{ code: 'unused-key', severity: 'warning', path: 'data_source.levels.geo' }]);
});
