import { parseConfig } from '../../src/config/index.js';
import { parseRowExpression } from '../../src/config/row-expression.js';
import type { ColumnTypes } from '../../src/config/expression-reader.js';
import type { ExpressionProblem } from '../../src/config/expression-problem.js';
import { configText } from './marked.js';

function problemsOf(text: string, types: ColumnTypes = new Map()): ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  const expression = parseRowExpression(text, { columns: ['h', 's', 'good'], types, reductionRemedy: 'do otherwise' }, problem => problems.push(problem));
  expect(expression === undefined).toBe(problems.length > 0);
  return problems;
}

test.each([
  'h - s', 'h', 'h < 1 and s > 2', 'h < 1 or not s', '0 < h < 1', 'h if s > 1 else -h', '(h > 1) & (s < 2)', 'np.where(h > 1, h, np.nan)', 'np.clip(h, 0, None)', 'np.isin(h, [1, 2])', 'h.astype(int) % 2', 'h.clip(0, 3)', 'h.round(1)', 'np.maximum(h, s)'
])('%s has one value per row', text => {
  expect(problemsOf(text)).toEqual([]);
});

test.each([
  ['h - np.mean(h)', 'np.mean', /np\.mean makes one number of all rows.*do otherwise/], ['h.mean() - h', 'mean', /mean makes one number/], ['h[0]', '0', /rows cannot be picked/], ['h[s < 1]', 's < 1', /rows cannot be picked/], ['h[1:]', 'h[1:]', /rows cannot be picked/],
  ['h.size', 'size', /size makes one number/], ['len(h)', 'len', /len makes one number/], ['hh - s', 'hh', /did you mean h\?/], ['h & s', 'h', /& takes truth values or whole numbers.*\(a > 0\) & \(b > 0\); bits of a dataset are tested by a filter: \{dataset: PATH, bits_set: 2\}/], ['3', '3', /names no column/], ['np.men(h)', 'np.men', /did you mean np.mean/],
  ['np.histogram(h, bins=[0, 1])[0]', 'np.histogram', /makes one number of all rows/], ['h < 1 & s > 2', 's', /in parentheses/]
])('%s: told at %s', (text, at, message) => {
  const problems = problemsOf(text);
  expect(problems.map(({ span }) => text.slice(span.from, span.to))[0]).toBe(at);
  expect(problems[0]!.message).toMatch(message);
});

test('words between many plain values do not multiply', () => {
  expect(problemsOf(Array.from({ length: 200 }, () => 'h').join(' and '))).toEqual([]);
  expect(problemsOf(`${'(h if s else '.repeat(100)}s${')'.repeat(100)}`)).toEqual([]);
});

test('a computed column of truth values is a mask, one of whole numbers has bits', () => {
  const source = (lets: string, filters = '[]'): string => `  coordinates: {latitude: lat, longitude: lon}\n  variables: {h: h, s: s, q: q}\n  let:\n${lets}  filters: ${filters}\n`;
  const variables = '    a: {expression: "h[good].mean()"}\n    b: {expression: "h[~good & (s < 3)].max()"}\n    c: {expression: "good.sum()"}\n    d: {function: average, source: h, params: {weights: "np.where(good, s, 0)"}}\n    e: {expression: "h[good & ((flags & 4) > 0)].size"}\n';
  const { config, diagnostics } = parseConfig(configText({ source: source('    good: s < 1 and q == 0\n    better: good & (s < 0.5)\n    flags: q.astype(int)\n', '[{expression: "~good"}, {expression: "flags & 1"}]'), variables }));
  expect(diagnostics).toEqual([]);
  expect(config!.variables[0]!.expression).toMatchObject({ args: [{ kind: 'index', index: { kind: 'call', name: 'bool', args: [{ kind: 'column', name: 'good' }] } }] });
  const plain = parseConfig(configText({ source: source('    good: s\n'), variables: '    a: {expression: "h[good].mean()"}\n' }));
  expect(plain.diagnostics).toMatchObject([{ code: 'expression-type', message: expect.stringMatching(/expected a mask/) as unknown }]);
});
