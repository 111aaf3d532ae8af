import { applyFix, DIAGNOSTIC_CODES, parseConfig, type DiagnosticCode } from '../../src/config/index.js';
import { configText, diagnose, expressionText } from './marked.js';

const variable = (body: string): string => configText({ variables: `    x:\n${body}` });
const withSource = (source: string): string => configText({ source });
/** A source without groups, and one more key. */
const withRows = (more: string): string => withSource(`  coordinates: {latitude: /lat, longitude: /lon}\n  variables: {h_li: /h, s_li: /s}\n  ${more}\n`);
const withOutput = (output: string): string => configText({ output });

interface Case {
  readonly code: DiagnosticCode;
  /** « » around what is underlined. */
  readonly text: string;
  readonly path: string;
  readonly message: RegExp;
  readonly severity?: 'warning';
  /** The text after the fix holds this, and the problem is gone. */
  readonly fixed?: string;
}

const CASES: readonly Case[] = [
  { code: 'yaml-syntax', text: 'data_source: {a: 1«»', path: '', message: /no YAML/ },
  { code: 'yaml-syntax', text: configText({ top: 'catalog: !!python/object/apply:os.system «["ls"]»\n' }), path: 'catalog', message: /tag .*python.* is not allowed/ },
  { code: 'yaml-syntax', text: configText({ top: 'catalog: «*nowhere»\n' }), path: 'catalog', message: /anchor &nowhere that is not defined/ },
  { code: 'yaml-tab', text: configText().replace('  groups', '«\t»groups'), path: '', message: /tab .* only spaces/ },
  { code: 'yaml-difference', text: withOutput('  grid: {child_order: «012»}\n'), path: 'output.grid.child_order', message: /012 is 10 in YAML 1.1 \(PyYAML\) and 12 in YAML 1.2; taken as 10/, severity: 'warning', fixed: 'child_order: 10' },
  { code: 'duplicate-key', text: configText({ top: '«output»: {}\n' }), path: 'output', message: /already there in line 15/ },
  { code: 'empty', text: '«»# nothing here\n', path: '', message: /is empty/ },
  { code: 'not-a-mapping', text: '«- a\n- b\n»', path: '', message: /holds a list/ },
  { code: 'unknown-key', text: configText({ top: '«catalogue»: a.json\n' }), path: 'catalogue', message: /did you mean catalog\?/, fixed: 'catalog: a.json' },
  { code: 'unknown-key', text: variable('      function: max\n      source: h_li\n      «colour»: red\n'), path: 'aggregation.variables.x.colour', message: /whose keys are function, source, params/ },
  { code: 'missing-key', text: withOutput('  «grid»: {type: healpix}\n'), path: 'output.grid.child_order', message: /child_order is missing, for example child_order: 12/ },
  { code: 'missing-key', text: configText({ source: '  granules: ["*.h5"]\n  coordinates: {latitude: lat, longitude: lon}\n  variables: {h_li: h}\n', output: '  «grid»: {child_order: 19}\n' }), path: 'output.grid.parent_order', message: /default without a catalog, 6/ },
  { code: 'wrong-type', text: withOutput('  grid: {child_order: «"12"»}\n'), path: 'output.grid.child_order', message: /expected a whole number, found the text "12"/, fixed: 'child_order: 12}' },
  { code: 'wrong-type', text: configText({ top: 'catalog: «on»\n' }), path: 'catalog', message: /expected a text, found true/, fixed: 'catalog: "on"' },
  { code: 'wrong-type', text: configText({ source: '  granules: «a.h5»\n  coordinates: {latitude: lat, longitude: lon}\n  variables: {h_li: h}\n' }), path: 'data_source.granules', message: /expected a list/ },
  { code: 'wrong-value', text: withOutput('  compression: «zstdd»\n  grid: {child_order: 12}\n'), path: 'output.compression', message: /expected none, gzip or zstd, found the text "zstdd"/, fixed: 'compression: zstd\n' },
  { code: 'wrong-value', text: configText({ top: 'bounds: {temporal: {start_date: «2019-02-30»}}\n' }), path: 'bounds.temporal.start_date', message: /no such date or time as 2019-02-30/ },
  { code: 'wrong-value', text: configText({ top: 'bounds: {temporal: {start_date: 2019-02-03, end_date: «2019-02-01»}}\n' }), path: 'bounds.temporal.end_date', message: /lies before/ },
  { code: 'wrong-value', text: configText({ variables: '    «cell_ids»: {function: len}\n' }), path: 'aggregation.variables.cell_ids', message: /cannot be the name of a variable: cell_ids is written in any case/ },
  { code: 'unused-key', text: configText({ source: '  «granules»: ["*.h5"]\n  coordinates: {latitude: lat, longitude: lon}\n  variables: {h_li: h}\n', top: 'catalog: c.json\n' }), path: 'data_source.granules', message: /no effect beside a catalog/, severity: 'warning' },
  { code: 'orders', text: withOutput('  grid: {child_order: «30»}\n'), path: 'output.grid.child_order', message: /from 0 to 29, found 30/ },
  { code: 'orders', text: withOutput('  grid: {child_order: 25, parent_order: «25»}\n'), path: 'output.grid.parent_order', message: /from 0 to 24/ },
  { code: 'orders', text: withOutput('  grid: {child_order: «5», parent_order: 6}\n'), path: 'output.grid.child_order', message: /must be at least 6/ },
  { code: 'orders', text: withOutput('  grid: {child_order: «19», parent_order: 6}\n'), path: 'output.grid.child_order', message: /raise parent_order to at least 7/ },
  { code: 'orders', text: configText({ coordinates: '  coordinates: {morton: {dtype: «int64»}}\n', output: '  grid: {child_order: 19}\n' }), path: 'aggregation.coordinates.morton.dtype', message: /reach order 18/, fixed: 'dtype: uint64' },
  { code: 'template', text: withSource('  groups: [a]\n  coordinates: {latitude: «/lat», longitude: "/{group}/lon"}\n  variables: {h_li: "/{group}/h"}\n'), path: 'data_source.coordinates.latitude', message: /has no \{group\}/ },
  { code: 'template', text: withSource('  coordinates: {latitude: /lat, longitude: "/«{group}»/lon"}\n  variables: {h_li: /h}\n'), path: 'data_source.coordinates.longitude', message: /data_source.groups is missing/ },
  { code: 'template', text: withSource('  groups: [a]\n  coordinates: {latitude: "/{group}/lat", longitude: "/{group}/lon"}\n  variables: {h_li: "/«{beam}»/h"}\n'), path: 'data_source.variables.h_li', message: /only placeholder is \{group\}/, fixed: '"/{group}/h"' },
  { code: 'unknown-column', text: variable('      function: max\n      source: «h_lo»\n'), path: 'aggregation.variables.x.source', message: /did you mean h_li\?/, fixed: 'source: h_li' },
  { code: 'unknown-column', text: variable('      function: average\n      source: h_li\n      params: {weights: "1.0 / «s_la»**2"}\n'), path: 'aggregation.variables.x.params.weights', message: /s_la is no column/, fixed: '1.0 / s_li**2' },
  { code: 'unknown-function', text: variable('      function: «np.quantil»\n      source: h_li\n      params: {q: 0.5}\n'), path: 'aggregation.variables.x.function', message: /did you mean np.quantile\?/, fixed: 'function: np.quantile' },
  { code: 'unknown-function', text: variable('      function: «os.system»\n      source: h_li\n'), path: 'aggregation.variables.x.function', message: /os.system is not allowed: .* did you mean/ },
  { code: 'function-or-expression', text: variable('      function: max\n      source: h_li\n      «expression»: np.max(h_li)\n'), path: 'aggregation.variables.x.expression', message: /both/ },
  { code: 'function-or-expression', text: configText({ variables: '    «x»: {dtype: float32}\n' }), path: 'aggregation.variables.x', message: /neither/ },
  { code: 'missing-source', text: variable('      function: «count»\n      dtype: int32\n      fill_value: 0\n'), path: 'aggregation.variables.x.function', message: /one of h_li, s_li/, fixed: 'function: count\n      source: h_li\n' },
  { code: 'unknown-param', text: variable('      function: var\n      source: h_li\n      params: {«dof»: 1}\n'), path: 'aggregation.variables.x.params.dof', message: /did you mean ddof\?/, fixed: '{ddof: 1}' },
  { code: 'unknown-param', text: variable('      function: max\n      source: h_li\n      params: {«q»: 1}\n'), path: 'aggregation.variables.x.params.q', message: /it takes none/ },
  { code: 'missing-param', text: variable('      function: «quantile»\n      source: h_li\n'), path: 'aggregation.variables.x.function', message: /quantile needs q: .*params: \{q: 0.25\}/ },
  { code: 'param-value', text: variable('      function: quantile\n      source: h_li\n      params: {q: «25»}\n'), path: 'aggregation.variables.x.params.q', message: /expected a number from 0 to 1, found 25/ },
  { code: 'param-value', text: variable('      function: percentile\n      source: h_li\n      params: {q: «101»}\n'), path: 'aggregation.variables.x.params.q', message: /from 0 to 100, found 101/ },
  { code: 'param-value', text: variable('      function: quantile\n      source: h_li\n      params: {q: 0.5, method: «lineal»}\n'), path: 'aggregation.variables.x.params.method', message: /found "lineal"/, fixed: 'method: "linear"' },
  { code: 'param-value', text: variable('      function: average\n      source: h_li\n      params: {weights: «2»}\n'), path: 'aggregation.variables.x.params.weights', message: /one value per row, found one number/ },
  { code: 'missing-fill-value', text: variable('      function: max\n      source: h_li\n      dtype: «int16»\n'), path: 'aggregation.variables.x.dtype', message: /int16 has no NaN/, fixed: 'dtype: int16\n      fill_value: 0\n' },
  { code: 'missing-fill-value', text: configText({ variables: '    x: {function: len, dtype: «int16»}\n' }), path: 'aggregation.variables.x.dtype', message: /fill_value: 0/, fixed: '{function: len, dtype: int16, fill_value: 0}' },
  { code: 'fill-value', text: variable('      function: len\n      dtype: int8\n      fill_value: «-129»\n'), path: 'aggregation.variables.x.fill_value', message: /-129 is outside int8, which holds -128 to 127/ },
  { code: 'fill-value', text: variable('      function: len\n      dtype: int8\n      fill_value: «NaN»\n'), path: 'aggregation.variables.x.fill_value', message: /whole numbers, found NaN/ },
  { code: 'fill-value', text: variable('      function: max\n      source: h_li\n      fill_value: «1.0e+39»\n'), path: 'aggregation.variables.x.fill_value', message: /beyond the range of float32/ },
  { code: 'expression-syntax', text: expressionText('np.mean«(»h_li'), path: 'aggregation.variables.x.expression', message: /\( is never closed/ },
  { code: 'expression-syntax', text: expressionText('"np.mean(h_li) «+»"'), path: 'aggregation.variables.x.expression', message: /ends where a value is expected, after \+/ },
  { code: 'expression-syntax', text: expressionText("'h_li.max() «h_li.min»()'"), path: 'aggregation.variables.x.expression', message: /not expected here/ },
  { code: 'expression-syntax', text: expressionText('np.mean(h_li) + «010»'), path: 'aggregation.variables.x.expression', message: /write 10, or 0o10/ },
  { code: 'expression-not-allowed', text: expressionText('"h_li.«__class__»"'), path: 'aggregation.variables.x.expression', message: /\.__class__ is not allowed/ },
  { code: 'expression-not-allowed', text: expressionText('"(«lambda» x: x)(1)"'), path: 'aggregation.variables.x.expression', message: /lambda is not allowed/ },
  { code: 'expression-not-allowed', text: expressionText('"np.sum(h_li[0:3«:»2])"'), path: 'aggregation.variables.x.expression', message: /without a step/ },
  { code: 'expression-not-allowed', text: expressionText('"(a «:=» 1)"'), path: 'aggregation.variables.x.expression', message: /assigned/ },
  { code: 'expression-not-allowed', text: expressionText('"[x «for» x in h_li]"'), path: 'aggregation.variables.x.expression', message: /loops/ },
  { code: 'expression-arity', text: expressionText('«np.hypot»(h_li.max())'), path: 'aggregation.variables.x.expression', message: /takes 2 arguments, found 1/ },
  { code: 'expression-type', text: expressionText('"np.sum(h_li > 0 & «s_li» < 1)"'), path: 'aggregation.variables.x.expression', message: /put each of them in parentheses/ },
  { code: 'expression-type', text: expressionText("np.max(h_li) + «'a'»"), path: 'aggregation.variables.x.expression', message: /found the text "a"/ },
  { code: 'expression-not-reduced', text: expressionText('«h_li / s_li»'), path: 'aggregation.variables.x.expression', message: /one value per row.*np.mean/ },
  { code: 'duplicate-name', text: withRows('let: {«s_li»: h_li}'), path: 'data_source.let.s_li', message: /column of data_source.variables already/ },
  { code: 'unknown-level', text: withRows('filters: [{dataset: /a, level: «photon», less: 1}]'), path: 'data_source.filters[0].level', message: /photon is no level of data_source.levels, which is missing/ },
  { code: 'filter', text: withRows('filters: [{dataset: /a, range: «[2, 1]»}]'), path: 'data_source.filters[0].range', message: /lower number first/, fixed: 'range: [1, 2]' },
  { code: 'expression-reduces', text: withRows('let: {a: "h_li - «np.mean»(h_li)"}'), path: 'data_source.let.a', message: /np.mean makes one number/ }
];

test('the cases cover every code', () => {
  // A thousand problems are in mutations.thorough.test.ts.
  expect(new Set([...CASES.map(({ code }) => code), 'more-problems'])).toEqual(new Set(DIAGNOSTIC_CODES));
});

test.each(CASES.map(item => [item.code, item] as const))('%s %#', (code, { text, path, message, severity = 'error', fixed }) => {
  const { diagnostics, place, isUsable } = diagnose(text);
  expect(diagnostics.map(found => `${found.code}: ${found.message}`)).toHaveLength(1);
  const [found] = diagnostics;
  expect(found).toMatchObject({ code, severity, path, line: place.line, column: place.column, message: expect.stringMatching(message) as unknown });
  // Where no place is known there is no end.
  if (found!.endLine !== undefined) expect(found).toMatchObject({ endLine: place.endLine, endColumn: place.endColumn });
  else expect([place.line, place.column, place.endColumn]).toEqual([1, 1, 1]);
  expect(isUsable).toBe(severity === 'warning');
  expect(found!.fix !== undefined && fixed !== undefined).toBe(fixed !== undefined);
  if (fixed !== undefined) {
    const mended = applyFix(place.text, found!.fix!);
    expect(mended).toContain(fixed);
    expect(parseConfig(mended).diagnostics).toEqual([]);
  }
});

test('all problems are told at once, in the order of the text', () => {
  const text = configText({
    source: '  reader: hdf6\n  groups: [a, a]\n  coordinates: {latitude: /lat}\n  variables: {h_li: "/{group}/h"}\n  quality: 1\n',
    variables: '    x: {function: meen, source: h_li}\n    y: {expression: "np.mean(h_l) + np.max(q)", dtype: int3}\n',
    output: '  grid: {child_order: 40}\n'
  });
  const { config, diagnostics } = parseConfig(text);
  expect(config).toBeUndefined();
  expect(diagnostics.map(({ line, code }) => [line, code])).toEqual([
    [2, 'wrong-value'], [3, 'wrong-value'], [4, 'missing-key'], [4, 'template'], [6, 'unknown-key'],
    [9, 'unknown-function'], [10, 'unknown-column'], [10, 'unknown-column'], [10, 'wrong-value'], [12, 'orders']
  ]);
});

test('a warning about a value gives way to an error about it', () => {
  const { diagnostics } = parseConfig(configText({ top: 'catalog: yes\n' }));
  expect(diagnostics.map(({ code }) => code)).toEqual(['wrong-type']);
});
