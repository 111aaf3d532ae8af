import { compileStatistics } from '../../../src/aggregate/index.js';
import { builtInConfig, parseConfig, parseExpression, type Expression } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { fillByKind, KINDS, makeCells, SIZES } from './cells.js';
import { expectNumpy, variable } from './judged.js';

const random = randomFrom(21);
const cells = makeCells(SIZES, (rows, first) => [
  { name: 'h_li', values: fillByKind(new Float32Array(rows), first, [KINDS.heights!, KINDS.slope!], random, 0), missing: Uint8Array.from({ length: rows }, () => (random() < 0.1 ? 1 : 0)) },
  { name: 's_li', values: Float32Array.from({ length: rows }, () => 0.01 + random()) },
  { name: 'flag', values: Float64Array.from({ length: rows }, () => Math.floor(8 * random())) }
]);

/** Expressions as users write them; numpy evaluates the very text. */
const TEXTS: readonly string[] = [
  '1.0 / np.sqrt(np.sum(1.0 / s_li**2))', 'h_li.max() - h_li.min()', 'h_li[0]', 'h_li[-1]', 'np.mean(h_li[s_li < 0.5])', 'h_li[(s_li < 0.5) & (flag != 3)].size',
  'np.average(h_li, weights=1.0 / s_li**2)', 'np.quantile(h_li, 0.9) - np.quantile(h_li, 0.1)', 'np.percentile(h_li, 50)', 'np.std(h_li, ddof=1)', '-h_li.mean()**2',
  'h_li.mean() if s_li.mean() < 0.5 else np.median(h_li)', 'np.sum((h_li - np.mean(h_li))**2) / len(h_li)', 'h_li[np.argmin(s_li)]', 'np.nanmedian(np.where(flag > 2, h_li, np.nan))',
  'sum(s_li) / len(s_li)', 'abs(h_li.min())', 'float(h_li.size)', 'np.count_nonzero(flag == 2) / flag.size', 'np.any(flag == 7)', 'np.max(np.abs(h_li - np.median(h_li)))',
  '0 < s_li.mean() <= 0.6', 'not s_li.max() > 1', 'round(float(s_li.mean()), 2)', 'np.trapezoid(h_li, dx=20)', '(flag // 2 % 3).sum()', '2**-1 + 7 // 2 - 7 % -4',
  'np.max(h_li, axis=0)', 'np.clip(flag, 1, 5).mean()', 'np.ptp(s_li) * 1e2', '(h_li > 1500).mean()', 'np.sum(h_li * s_li) / s_li.sum()', 'np.nanmax(h_li)', 'np.var(h_li[~(s_li < 0.5)])'
];

test('expressions as they are written are what numpy makes of the text', () => {
  const expressions = TEXTS.map((text): Expression => {
    const { expression, problems } = parseExpression(text, cells.names);
    expect([text, problems]).toEqual([text, []]);
    return expression!;
  });
  expectNumpy(expressions, cells, 1e-12, 0, TEXTS);
});

test('the built-in atl06 pipeline is numpy\'s', () => {
  const { config } = parseConfig(builtInConfig('atl06')!);
  const columns = config!.source.columns.map(({ name }) => name);
  const own = makeCells(SIZES, (rows, first) => columns.map(name => ({
    name, values: name === 'h_li' ? fillByKind(new Float32Array(rows), first, [KINDS.heights!], random, 0) : Float32Array.from({ length: rows }, () => 0.01 + random())
  })));
  expect(config!.variables.map(({ name }) => name)).toEqual(['count', 'h_min', 'h_max', 'h_mean', 'h_sigma', 'h_variance', 'h_q25', 'h_q50', 'h_q75']);
  expectNumpy(config!.variables.map(({ expression }) => expression), own, 1e-12, 0, [
    'len(h_li)', 'h_li.min()', 'h_li.max()', 'np.average(h_li, weights=1.0 / s_li**2)', '1.0 / np.sqrt(np.sum(1.0 / s_li**2))', 'np.var(h_li)',
    'np.quantile(h_li, 0.25)', 'np.quantile(h_li, 0.5)', 'np.quantile(h_li, 0.75)'
  ]);
  const statistics = compileStatistics(config!.variables, columns);
  const out = statistics.allocate(own.rows.cells);
  statistics.evaluate(own.rows, out);
  expect(out[0]).toEqual(Int32Array.from(SIZES));
  expect(out.slice(1).every(values => values instanceof Float32Array)).toBe(true);
});

test('what the check of a config lets through compiles', () => {
  for (const text of ['-(h_li > 1).sum()', '((h_li > 1) - (s_li > 1)).sum()', '(h_li > 1).sum() - (s_li > 1).any()', 'np.logical_xor(h_li, s_li).sum()', '(-(h_li > 1)).sum()']) {
    const { expression, problems } = parseExpression(text, cells.names);
    expect([text, problems]).toEqual([text, []]);
    expect(() => compileStatistics([variable(expression!)], cells.names)).not.toThrow();
  }
});
