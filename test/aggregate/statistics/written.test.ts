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

function parsed(texts: readonly string[]): readonly Expression[] {
  const read = texts.map(text => ({ text, ...parseExpression(text, cells.names) }));
  expect(read.flatMap(({ text, problems }) => problems.map(({ message }) => `${text}: ${message}`))).toEqual([]);
  return read.map(({ expression }) => expression!);
}

/** Expressions as users write them; numpy evaluates the very text. */
const TEXTS: readonly string[] = [
  '1.0 / np.sqrt(np.sum(1.0 / s_li**2))', 'h_li.max() - h_li.min()', 'h_li[0]', 'h_li[-1]', 'np.mean(h_li[s_li < 0.5])', 'h_li[(s_li < 0.5) & (flag != 3)].size',
  'np.average(h_li, weights=1.0 / s_li**2)', 'np.quantile(h_li, 0.9) - np.quantile(h_li, 0.1)', 'np.percentile(h_li, 50)', 'np.std(h_li, ddof=1)', '-h_li.mean()**2',
  'h_li.mean() if s_li.mean() < 0.5 else np.median(h_li)', 'np.sum((h_li - np.mean(h_li))**2) / len(h_li)', 'h_li[np.argmin(s_li)]', 'np.nanmedian(np.where(flag > 2, h_li, np.nan))',
  'sum(s_li) / len(s_li)', 'abs(h_li.min())', 'float(h_li.size)', 'np.count_nonzero(flag == 2) / flag.size', 'np.any(flag == 7)', 'np.max(np.abs(h_li - np.median(h_li)))',
  '0 < s_li.mean() <= 0.6', 'not s_li.max() > 1', 'round(float(s_li.mean()), 2)', 'np.trapezoid(h_li, dx=20)', '(flag // 2 % 3).sum()', '2**-1 + 7 // 2 - 7 % -4',
  'np.max(h_li, axis=0)', 'np.clip(flag, 1, 5).mean()', 'np.ptp(s_li) * 1e2', '(h_li > 1500).mean()', 'np.sum(h_li * s_li) / s_li.sum()', 'np.nanmax(h_li)', 'np.var(h_li[~(s_li < 0.5)])'
];

/** What else a user of numpy would write. */
const MORE: readonly string[] = [
  'h_li.mean()', '(h_li - 3).std(ddof=1)', 'h_li[s_li < 0.5].max()', 'h_li.sum() / h_li.size', 'h_li.mean().round(2)', 'np.round(h_li.mean(), 1).astype(float)', 'h_li.clip(1490, 1510).mean()', 'h_li.clip(min=1500).sum()', 'h_li.clip(max=1500).min()', 'np.clip(h_li, None, 1500).mean()',
  'np.clip(h_li, a_min=1490, a_max=1500).mean()', 'h_li.round().max()', 'h_li.round(decimals=1).min()', 'np.percentile(h_li, 90)', 'np.percentile(h_li, 90, method="nearest")', 'np.percentile(a=h_li, q=10)', 'np.sqrt(np.mean(h_li**2))', 'np.sqrt(h_li.var())', 'h_li.var(ddof=1)**0.5',
  '1.4826 * np.median(np.abs(h_li - np.median(h_li)))', 'np.nanstd(h_li, ddof=1)', 'np.nanpercentile(h_li, 10)', 'h_li[h_li.argmax()]', 'h_li[np.argmax(s_li)]', 'h_li[len(h_li) // 2]', 'h_li[0] - h_li[-1]', 'h_li[:10].mean()', 'h_li[-5:].max()', 'h_li[1:-1].sum()', 'h_li[2:4].size', 'h_li[1:].size',
  '(h_li[1:] - h_li[:-1]).sum()', 'np.abs(np.diff(h_li)).max()', 'np.mean(np.diff(h_li) ** 2)', 'np.diff(s_li, n=2).sum()', 'np.diff(h_li)[np.diff(s_li) > 0].size', '(h_li[:3] - h_li[-3:]).sum()', 'h_li[s_li < 0.5][:2].sum()', 'h_li[:][0]', 'h_li[-3:-1].size', 'h_li[3:1].size', 'h_li[1:][s_li[:-1] < 0.5].sum()',
  'np.dot(h_li, s_li)', 'h_li.dot(s_li)', 'np.nan_to_num(np.where(flag > 3, np.nan, h_li)).sum()', 'np.nan_to_num(np.log(flag), neginf=-1).sum()', 'np.isin(flag, [1, 2, 5]).sum()', 'h_li[np.isin(flag, (0, 7))].size', 'np.any(h_li > 1510)', '(h_li > 1500).any()', 'np.all(s_li > 0)', 'any(s_li > 0.9)', 'all(s_li > 0.1)',
  '(flag == 3).sum()', 'np.mean(flag == 3)', 'np.sum(h_li * (s_li < 0.5))', 'h_li.sum() if h_li.size else 0', 'h_li.std() / np.sqrt(h_li.size)', 'np.nan if h_li.size < 3 else h_li.mean()', '1 if (h_li > 1500).any() else 0', 'int(h_li.max())', 'round(h_li.mean())', 'bool(flag.max())', 'max(h_li.max(), 1500)', 'min(h_li.min(), s_li.min(), 0)',
  'np.max([h_li.max(), 1500])', 'np.sum([h_li.min(), s_li.max()])', 'np.mean([h_li.min(), h_li.max()])', 'min([h_li.min(), 3])', 'h_li.size - np.isnan(h_li).sum()', 'np.nansum(h_li / s_li**2) / np.nansum(1 / s_li**2)', 'h_li[(s_li < 0.2) | (s_li > 0.8)].size', 'h_li[~np.isnan(h_li)].sum()', 'h_li[np.isfinite(h_li)].size', 'h_li[np.logical_and(s_li < 0.5, flag > 1)].size',
  'h_li[np.abs(h_li - np.median(h_li)) < 3 * h_li.std()].sum()', 'h_li[flag == 0][s_li[flag == 0] < 0.5].size', 'np.sum(~(h_li > 1500))', 'np.average(h_li, axis=0, weights=s_li)', 'np.nanquantile(h_li, q=.25)', 'np.degrees(np.arctan2(h_li.mean(), s_li.mean()))', 'np.divide(h_li, s_li).min()', 'np.square(s_li).sum()', 'np.power(s_li, 3).max()', 'np.reciprocal(s_li).max()', 'np.exp2(s_li).max()', 'np.arcsinh(s_li).sum()',
  'np.arccosh(s_li + 1).sum()', 'np.arctanh(s_li / 2).sum()', 'np.fmin(h_li, s_li).sum()', 'np.fmax(flag, 3).sum()', 'np.fmod(-h_li, 7).sum()', 'np.maximum(h_li, 1500).mean()', 'float("nan")', 'h_li.max() if s_li.max() > 0.5 else float("-inf")', 'np.mean(h_li, dtype=np.float64)', 'h_li.sum(dtype=float)', 'np.sum(h_li, axis=0, dtype="float64")', 'np.asarray(h_li).max()', 'np.ravel(h_li).min()', 'h_li.copy().max()',
  'h_li.max().item()', 'np.array([h_li.max(), 2]).max()', 'np.select([h_li < 1490, h_li < 1510], [1, 2], default=3).sum()', 'np.select([s_li < 0.5], [h_li]).sum()', 'np.where(h_li.mean() > 1500, 1, 0)', 'np.e ** s_li.mean()', 'np.inf if flag.any() else -np.inf', 'h_li.mean() > 1500 and s_li.mean() < 1', 'h_li.mean() > 1500 or not s_li.mean() < 1', '0 < s_li.mean() < h_li.mean()',
  '((h_li > 1490) & (h_li < 1510)).mean()', '(h_li > 1500).astype(int).sum()', '(flag.astype(int) & 3).max()', 'np.bitwise_and(flag.astype(int), 4).any()', 'np.sum(h_li > np.mean(h_li))', 'np.sum((h_li - h_li.mean()) * (s_li - s_li.mean())) / np.sum((h_li - h_li.mean())**2 + 1)', 'h_li.prod() > 0', 'np.count_nonzero(np.abs(np.diff(flag)) > 2)', 'np.trapezoid(h_li[:5])', 'np.average(h_li[1:], weights=s_li[:-1])'
];

test('what else a user of numpy would write', () => {
  const expressions = parsed(MORE);
  expectNumpy(expressions, cells, 1e-11, 0, MORE);
});

test('expressions as they are written are what numpy makes of the text', () => {
  const expressions = parsed(TEXTS);
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
