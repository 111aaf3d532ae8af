import { compileStatistics, foldOverview, overviewRule, trustIn, type CellRows, type OverviewRule } from '../../src/aggregate/index.js';
import { edgesOf, parseExpression, type Expression, type OutputVariable } from '../../src/config/index.js';
import { randomFrom } from '../random.js';
import { makeCells } from './statistics/cells.js';
import { variable } from './statistics/judged.js';

function made(name: string, text: string): OutputVariable {
  const { expression, problems } = parseExpression(text, ['h', 's']);
  expect([text, problems]).toEqual([text, []]);
  const isHistogram = expression!.kind === 'call' && expression!.name === 'histogram';
  return variable(expression!, { name, ...(isHistogram ? { bins: edgesOf(expression as Expression & { kind: 'call' }), isCount: !text.includes('density=True') } : {}) });
}

const RULES: readonly (readonly [string, OverviewRule['kind']])[] = [
  ['len(h)', 'sum'], ['h.count()', 'sum'], ['h.size', 'sum'], ['np.sum(h)', 'sum'], ['np.nansum(h * s)', 'sum'], ['np.count_nonzero(h > 1)', 'sum'], ['(h > 3).sum()', 'sum'], ['h[s < 0.5].sum()', 'sum'], ['np.dot(h, s)', 'sum'],
  ['h.min()', 'min'], ['np.nanmin(h)', 'min'], ['h[s < 0.5].max()', 'none'], ['np.nanmax(h)', 'max'], ['np.any(h > 9)', 'any'], ['np.all(h > 1)', 'all'], ['np.prod(s)', 'prod'],
  ['h.mean()', 'weighted-mean'], ['s.mean()', 'mean'], ['h[s < 0.5].mean()', 'mean'], ['np.average(h, weights=s)', 'mean'], ['np.nanmean(h)', 'mean'], ['np.histogram(h, bins=[0, 5, 10])[0]', 'sum'],
  ['np.histogram(h, bins=[0, 5, 10], density=True)[0]', 'none'], ['h.std()', 'none'], ['np.median(h)', 'none'], ['np.quantile(h, 0.5)', 'none'], ['np.argmax(h)', 'none'], ['np.trapezoid(h)', 'none'], ['np.ptp(h)', 'none'], ['1 / np.sqrt(np.sum(1 / s**2))', 'none'],
  ['np.sum((h - h.mean())**2)', 'none'], ['np.sum(np.diff(h))', 'none'], ['h[0]', 'none'], ['np.max(h - h[0])', 'none'], ['h[h > h.mean()].sum()', 'none'], ['h[:3].sum()', 'none']
];

test.each(RULES)('%s: %s', (text, kind) => {
  expect(overviewRule(made('x', text), [made('n', 'h.count()'), made('l', 'len(h)')]).kind).toBe(kind);
});

test('a mean is weighed by the count of its own rows, by their number where there is no such', () => {
  const [mean, count, length, other] = [made('m', 'h.mean()'), made('n', 'h.count()'), made('l', 'len(h)'), made('o', 's.count()')];
  expect(overviewRule(mean, [mean, other, length, count])).toEqual({ kind: 'weighted-mean', weight: 'n' });
  expect(overviewRule(mean, [mean, other, length])).toEqual({ kind: 'weighted-mean', weight: 'l' });
  expect(overviewRule(mean, [mean, other])).toEqual({ kind: 'mean' });
  expect(['sum', 'mean', 'none'].map(kind => trustIn({ kind } as OverviewRule))).toEqual(['exact', 'approximate', 'not-composable']);
});

test('exact rules give what the rows of the coarser cell give, empty cells and all', () => {
  const random = randomFrom(8);
  const cells = makeCells(Array.from({ length: 64 }, (_, c) => (c >= 16 && c < 20 ? 0 : Math.floor(random() * 6))), rows => [
    { name: 'h', values: Float64Array.from({ length: rows }, () => Math.floor(80 * random()) / 8) }, { name: 's', values: Float64Array.from({ length: rows }, () => 1 + Math.floor(random() * 2)) }
  ]);
  const coarse: CellRows = { ...cells.rows, cells: 16, first: Int32Array.from({ length: 17 }, (_, c) => cells.rows.first[4 * c]!) };
  const count = made('n', 'h.count()');
  const variables = [count, ...RULES.flatMap(([text, kind], i) => (kind === 'none' || kind === 'mean' || text.includes('histogram') ? [] : [made(`v${i}`, text)]))];
  const statistics = compileStatistics(variables, cells.names);
  const [fine, truth] = [cells.rows, coarse].map(rows => {
    const out = statistics.allocate(rows.cells) as Float64Array[];
    statistics.evaluate(rows, out);
    return out;
  });
  variables.forEach((own, v) => {
    const rule = overviewRule(own, variables);
    const folded = Array.from({ length: 16 }, (_, c) => {
      const values = (all: Float64Array[], at: number): Float64Array => all[at]!.slice(4 * c, 4 * c + 4);
      const counts = values(fine!, 0);
      const present = (of: Float64Array): Float64Array => of.filter((_, i) => counts[i]! > 0);
      return foldOverview(rule, present(values(fine!, v)), present(counts), own.isCount ? 0 : NaN);
    });
    folded.forEach((value, c) => (Number.isNaN(truth![v]![c]!) ? expect(value).toBeNaN() : expect(value).toBeCloseTo(truth![v]![c]!, 10)));
  });
});

test('a value that equals the fill value is one, and so is NaN but for the functions that leave it out', () => {
  const values = Float64Array.of(-9999, 2, 4);
  const fold = (rule: OverviewRule, of = values): number => foldOverview(rule, of, undefined, -9999);
  expect((['sum', 'mean', 'min', 'max', 'none'] as const).map(kind => fold({ kind }))).toEqual([-9993, -9993 / 3, -9999, 4, -9999]);
  const gaps = Float64Array.of(5, NaN, 4);
  for (const kind of ['sum', 'mean', 'min', 'max', 'prod'] as const) expect(fold({ kind }, gaps)).toBeNaN();
  expect([fold({ kind: 'min', skipsNaN: true }, gaps), fold({ kind: 'mean', skipsNaN: true }, gaps)]).toEqual([4, 4.5]);
  expect(fold({ kind: 'max', skipsNaN: true }, Float64Array.of(NaN, NaN))).toBeNaN();
  expect(fold({ kind: 'sum' }, new Float64Array(0))).toBe(-9999);
  const rule: OverviewRule = { kind: 'weighted-mean', weight: 'n' };
  expect(foldOverview(rule, Float64Array.of(1, 2, 4), Float64Array.of(0, 1, 3), -9999)).toBe(3.5);
  expect(foldOverview(rule, Float64Array.of(2, 4), Float64Array.of(0, 0), -9999)).toBe(-9999);
});
