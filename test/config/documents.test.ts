import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { builtInConfig, builtInNames, DIAGNOSTIC_CODES, parseConfig, parseConfigDocument, pipelineSchema, REDUCERS, type DatasetPath } from '../../src/config/index.js';
import { judge, judgeJson } from '../judge.js';
import { configText } from './marked.js';

const read = (path: string): string => readFileSync(resolve(__dirname, '../..', path), 'utf8');
const path = (dataset: string): DatasetPath => ({ dataset, column: undefined, level: undefined });
const docs = read('docs/config.md');
const blocks = [...docs.matchAll(/^```yaml(?: part=(\w+))?(?: (error|warning)=([\w-]+))?\n([\s\S]*?)^```$/gm)].map(([, part, severity, code, text], i) => ({ name: `block ${i + 1} ${part ?? ''} ${code ?? ''}`, part, severity, code, text: text! }));

function whole({ part, text }: { readonly part: string | undefined; readonly text: string }): string {
  const indented = (by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));
  switch (part) {
    case undefined:
      return text;
    case 'data_source':
      return configText({ source: indented(2), output: '  grid: {child_order: 12, parent_order: 6}\n' });
    case 'aggregation':
      return configText().replace(/aggregation:\n[\s\S]*(?=output:)/, `aggregation:\n${indented(2)}`);
    case 'variables':
      return configText({ variables: indented(4) });
    case 'output':
      return configText({ output: indented(2) });
    default:
      return configText({ top: text });
  }
}

test.each(blocks)('docs/config.md: $name', ({ severity, code, ...block }) => {
  const { config, diagnostics } = parseConfig(whole(block));
  expect(diagnostics.map(found => [found.severity, found.code])).toEqual(code === undefined ? [] : [[severity, code]]);
  expect(config === undefined).toBe(severity === 'error');
});

test('docs/config.md shows every key and every function', () => {
  expect(blocks.length).toBeGreaterThan(10);
  const yaml = blocks.map(({ text }) => text).join('');
  const keys = (node: unknown): string[] => (typeof node !== 'object' || node === null ? [] : Object.entries(node).flatMap(([key, value]) => [...(key === 'properties' ? Object.keys(value as object) : []), ...keys(value)]));
  for (const key of keys(pipelineSchema())) expect(yaml).toMatch(new RegExp(`\\b${key}:`));
  const configs = blocks.filter(({ severity }) => severity === undefined).flatMap(block => parseConfig(whole(block)).config?.variables ?? []);
  const names = new Set(configs.map(({ expression }) => (expression.kind === 'call' ? expression.name : '')));
  expect(REDUCERS.filter(name => !names.has(name))).toEqual([]);
  for (const [, name] of docs.matchAll(/(?:error|warning)=([\w-]+)/g)) expect(DIAGNOSTIC_CODES).toContain(name);
});

test('the schema is one, and every key has a label, a description and an example that it accepts', () => {
  const text = read('schema/pipeline.schema.json');
  expect(pipelineSchema()).toEqual(JSON.parse(text));
  judge(`
import json, sys
from jsonschema import Draft202012Validator as V
schema = json.load(sys.stdin)
V.check_schema(schema)
def walk(node):
    if isinstance(node, list):
        for item in node: walk(item)
    elif isinstance(node, dict):
        for key, prop in node.get("properties", {}).items():
            target = {**schema["$defs"].get(prop.get("$ref", "").split("/")[-1], {}), **prop}
            assert target["title"] and target["description"], key
            if target.get("type") != "object":
                assert target["examples"], key
            rooted = {**target, "$defs": schema["$defs"]}
            for example in target.get("examples", []): V(rooted).validate(example)
            if "default" in target: V(rooted).validate(target["default"])
        for item in node.values(): walk(item)
walk(schema)
`, [], text);
});

test('atl06 is what earlier versions had', () => {
  expect(builtInNames()).toEqual(['atl06', 'atl03', 'atl08']);
  expect(builtInConfig('atl07')).toBeUndefined();
  const { config, diagnostics } = parseConfig(builtInConfig('atl06')!);
  expect(diagnostics).toEqual([]);
  expect(config?.source).toEqual({
    driver: 'auto', granules: undefined, groups: ['gt1l', 'gt1r', 'gt2l', 'gt2r', 'gt3l', 'gt3r'], levels: [], lets: [],
    latitude: path('/{group}/land_ice_segments/latitude'), longitude: path('/{group}/land_ice_segments/longitude'),
    columns: [{ name: 'h_li', ...path('/{group}/land_ice_segments/h_li') }, { name: 's_li', ...path('/{group}/land_ice_segments/h_li_sigma') }],
    filters: [{ kind: 'dataset', ...path('/{group}/land_ice_segments/atl06_quality_summary'), test: { op: 'equal', value: 0 } }]
  });
  expect(config?.variables.map(({ name, dtype, fillValue, isCount, written }) => [name, dtype, fillValue, isCount, written.kind === 'function' ? written.name : written.text])).toEqual([
    ['count', 'int32', 0, true, 'len'], ['h_min', 'float32', NaN, false, 'min'], ['h_max', 'float32', NaN, false, 'max'], ['h_mean', 'float32', NaN, false, 'average'],
    ['h_sigma', 'float32', NaN, false, '1.0 / np.sqrt(np.sum(1.0 / s_li**2))'], ['h_variance', 'float32', NaN, false, 'var'],
    ['h_q25', 'float32', NaN, false, 'quantile'], ['h_q50', 'float32', NaN, false, 'quantile'], ['h_q75', 'float32', NaN, false, 'quantile']
  ]);
  expect(config).toMatchObject({ coordinates: { mortonDtype: 'int64' }, grid: { parentOrder: undefined, childOrder: 12, latitude: 'authalic' }, store: undefined, compression: 'none' });
});

test.each(builtInNames())('%s names what such granules have', name => {
  const { config, diagnostics } = parseConfig(builtInConfig(name)!);
  expect(diagnostics).toEqual([]);
  const { source } = config!;
  const datasets = [source.latitude, source.longitude, ...source.columns, ...source.filters.flatMap(filter => (filter.kind === 'dataset' ? [filter] : []))];
  const found = judgeJson<string[]>('config/granule_datasets.py', [name], JSON.stringify({ groups: source.groups, levels: source.levels, datasets, fills: source.filters.flatMap(filter => (filter.kind === 'dataset' && filter.test.op === 'not-fill' ? [filter.dataset] : [])) }));
  expect(found).toEqual([]);
});

test('the example is atl06 over the granules beside it', () => {
  const { config, diagnostics } = parseConfig(read('examples/greenland/greenland.magg.yaml'));
  const atl06 = parseConfig(builtInConfig('atl06')!).config!;
  expect(diagnostics).toEqual([]);
  expect(config).toEqual({ ...atl06, source: { ...atl06.source, granules: ['*.h5'] }, grid: { ...atl06.grid, parentOrder: 6 }, store: 'greenland.zarr', document: config!.document });
});

test('old files: reader, driver, empty keys, dates and bounds', () => {
  const text = configText({
    source: '  reader: h5coro\n  driver: s3\n  groups:\n  - gt1l\n  coordinates:\n    latitude: "/{group}/lat"\n    longitude: "/{group}/lon"\n  variables:\n    h_li: "/{group}/h"\n  quality_filter:\n',
    coordinates: '  coordinates:\n    cell_ids: {dtype: uint64, fill_value: 0}\n    morton: {dtype: int64, fill_value: 0}\n',
    variables: '    h: {function: np.amax, source: h_li, params: , fill_value: .nan}\n    g: {function: numpy.average, source: h_li, fill_value: "NaN"}\n    i: {function: max, source: h_li, dtype: int64, fill_value: -9223372036854775808}\n',
    top: 'catalog:\nbounds:\n  temporal: {start_date: 2019-04-16, end_date: 2019-4-17 1:02:03}\n  spatial: {type: Point, coordinates: [1, 2]}\n'
  });
  const { config, diagnostics } = parseConfig(text);
  expect(diagnostics).toEqual([]);
  expect(config).toMatchObject({ source: { driver: 's3', filters: [] }, bounds: { startDate: '2019-04-16', endDate: '2019-04-17T01:02:03', spatial: { type: 'Point' } }, catalog: undefined });
  expect(config?.variables.map(({ expression, fillValue }) => [expression.kind === 'call' && expression.name, fillValue])).toEqual([['max', NaN], ['mean', NaN], ['max', -9223372036854775808n]]);
  // The document is JSON, and means the same.
  const again = parseConfigDocument(JSON.parse(JSON.stringify(config?.document)));
  expect(again.diagnostics).toEqual([]);
  expect(again.config).toEqual(config);
});

test.each([
  ['nothing', undefined, 'empty'], ['null', null, 'empty'], ['a list', [1], 'not-a-mapping'], ['a text', 'x', 'not-a-mapping'], ['itself', (() => { const a: Record<string, unknown> = {}; a.a = a; return a; })(), 'wrong-type']
])('a document that is %s', (_, document, code) => {
  const { config, diagnostics } = parseConfigDocument(document);
  expect(config).toBeUndefined();
  expect(diagnostics[0]).toMatchObject({ code, line: 1, column: 1 });
});

test('a document has paths instead of places', () => {
  const document = structuredClone(parseConfig(configText()).config!.document) as { aggregation: { variables: Record<string, object> } };
  document.aggregation.variables.x = { function: 'max', source: 'h_lo' };
  expect(parseConfigDocument(document).diagnostics).toMatchObject([{ code: 'unknown-column', path: 'aggregation.variables.x.source', line: 1, column: 1 }]);
});
