import { nearestName, parseExpression, REDUCERS, ELEMENTWISE, signatureOf, isReducer, columnsOf } from '../../src/config/index.js';
import { judgeJson } from '../judge.js';
import { randomFrom } from '../random.js';

const accepts = (text: string): boolean => parseExpression(text, ['h', 's']).expression !== undefined;

/** Python's builtins and numpy's differ for these: ours take one value per row too, or refuse what has no use per cell. */
const TEXTS = [
  'h', 'h + 1', 'np.mean(h)', 'h.mean()', 'h.size', 'h.size()', 'h.max', 'np.mean', 'h[0]', 'h[-1]', 'h[s < 1].sum()', 'h[s < 1]', 'h[0.5]', 'h[h.argmin()]', 'h[s.max()]', 'h.max()[0]',
  'h[s > 1][s > 1].sum()', 'h[s > 1] + s[s > 1]', '(h[s > 1] + s[s > 1]).sum()', '(h[s > 1] - s).sum()', '(h[s > 1] - s[h > 1]).sum()', 'np.sum(h[s])', 'np.sum(h * s)', 'np.sum(h * s.max())',
  'h > 1 and s < 1', '(h > 1) & (s < 1)', '((h > 1) & (s < 1)).sum()', 'h & s', '~h', '(~(h > 1)).sum()', 'not h', 'not h.max()', '0 < h < 2', '0 < h.max() < 2', '1 if h else 2', '1 if h.max() > 1 else 2', 'h if h.max() > 1 else 2',
  'np.where(h > 1, h, 0).sum()', 'np.where(h > 1, h, 0)', 'np.hypot(h.max(), s.min())', 'np.hypot(h)', 'np.hypot(h, s, s)', 'np.hypot(h, s).mean()', 'np.round(h.mean(), 2)', 'np.round(h.mean(), decimals=2)', 'round(h.mean(), 2)', 'h.round(1).sum()', 'np.round(h, "a").sum()',
  'np.quantile(h, 0.5)', 'np.quantile(h, q=0.5)', 'np.quantile(h)', 'np.quantile(h, 2)', 'np.quantile(h, -0.1)', 'np.quantile(h, 1/4)', 'np.quantile(h, 0.5, 0)', 'np.quantile(h, 0.5, axis=0)', 'np.quantile(h, 0.5, axis=1)', 'np.quantile(h, 0.5, method="nearest")', 'np.quantile(h, 0.5, method="nearer")', 'np.quantile(h, 0.5, qq=1)', 'np.percentile(h, 50)', 'np.percentile(h, 101)',
  'np.std(h, ddof=1)', 'np.std(h, ddof="x")', 'h.std(ddof=1)', 'np.var(h, 0)', 'np.max(h, axis=None)', 'np.max(h, axis=-1)', 'np.max(h, axis=2)', 'np.average(h, weights=1/s**2)', 'np.average(h, None, s)', 'np.average(h, weights=2)', 'np.average(h, weights=s[s > 1])', 'np.average(h, weight=s)',
  'np.trapezoid(h, s)', 'np.trapezoid(h, dx=2)', 'np.trapezoid(h, x=s)', 'len(h)', 'len(h, s)', 'sum(h)', 'abs(h).max()', 'abs(-1)', 'max(h)', 'max(h.max(), 2)', 'min(1, 2, h.min())', 'max()', 'float(h.max())', 'int(h.max()) // 2', 'pow(h.max(), 2)', 'bool(h.max())',
  '"a"', '1 + "a"', 'np.nan', 'np.pi * h.max()', 'math.pi', 'math.fsum(h)', 'math.sqrt(h.max())', 'statistics.median(h)', 'np.clip(h, 0, 2).sum()', 'np.logical_and(h > 1, s > 1).sum()', 'np.add(h, s).sum()', 'np.add(h)', 'np.negative(h).max()', 'np.isnan(h).any()', 'np.isnan(h)', '(h > 1).astype(int).sum()', 'h.shape[0]', 'h.__class__', 'q', 'np.mean(q)', 'np.nosuch(h)',
  'h[1:]', 'h[:2].sum()', '(h[1:] - h[:-1]).sum()', '(h[1:] + h).sum()', '(h[:3] - h[-3:]).sum()', '(h[:3] - h[:2]).sum()', 'h[s > 1][1:].sum()', 'h[1:][s[1:] > 1].sum()', 'h[1:][s > 1].sum()', 'h.max()[1:]', 'h[1:"a"].sum()', 'h[0.5:].sum()', 'h[1:2, 0].sum()',
  'h.median()', 'h.quantile(0.5)', 'h.nanmax()', 'h.abs().max()', 'h.sqrt().max()', 'h.mean().round(2)', 'h.copy().sum()', 'h.ravel().sum()', 'h.max().item()', 'h.dot(s)', 'np.dot(h, s)', 'np.diff(h).mean()', 'np.diff(h)', 'np.isin(h, [1, 3]).any()', 'np.isin(h, [1, 3])', 'np.clip(h, a_min=1, a_max=2).max()', 'h.clip(1, 2, 3, 4)',
  'np.max([h.max(), 1])', 'np.mean([h.max(), 1])', 'max([h.max(), 1])', 'np.median([h.max(), "a"])', 'np.select([h > 1], [s]).sum()', 'np.select([h > 1], [s, s]).sum()', 'np.nan_to_num(h).sum()', 'float("nan")', 'float("x")', 'np.reciprocal(h).sum()', 'np.mean(h, dtype=float)', 'np.mean(h, dtype="nosuch")', 'np.len(h) + nosuch', 'np.linspace(0, 1, 3)', 'np.arange(3)', '(h, s)',
  'h.max() +', '(h.max()', 'h.max())', 'h s', '', '1 +* 2', 'np.mean(h,)', 'np.mean(,h)', 'np.mean(h h)', 'np.sum(h ** 2) ** 0.5', '-h.min() ** 2', '1_000 + h.max()', '1__0', '0x', '010', '1.e3 * h.max()', 'h.max() == h.min() != 3', 'h.max() if 1', 'True + h.max()', '# only', 'h.max() # the highest'
];

test('what numpy makes one number of is accepted, and nothing else', () => {
  const answers = judgeJson<boolean[]>('config/numpy_shapes.py', [], JSON.stringify(TEXTS));
  expect(TEXTS.filter((text, i) => accepts(text) !== answers[i])).toEqual([]);
  expect(answers.filter(Boolean).length).toBeGreaterThan(50);
});

test('every function is callable as numpy calls it, and reduces or does not as numpy does', () => {
  const texts = [...REDUCERS, ...ELEMENTWISE].filter(name => !['len', 'count', 'float', 'int', 'bool', 'where'].includes(name)).flatMap(name => {
    const { operands, required } = signatureOf(name);
    const args = [...Array.from({ length: operands }, () => 'h'), ...required.map(param => `${param}=0.5`)].join(', ');
    return [`np.${name}(${args})`, `np.sum(np.${name}(${args}))`];
  });
  const answers = judgeJson<boolean[]>('config/numpy_shapes.py', [], JSON.stringify(texts));
  // numpy also takes the sum of one number, which is no use.
  const differing = texts.filter((text, i) => accepts(text) !== (answers[i]! && !(text.startsWith('np.sum(np.') && isReducer(text.slice(10).split('(')[0] as never))));
  expect(differing).toEqual(['np.sum(np.sum(h))'].filter(text => differing.includes(text)));
});

test.each([
  ['np.men(h)', 0, 6, 'np.mean'], ['np.ma(h)', 0, 5, 'np.max'], ['np.stdd(h)', 0, 7, 'np.std'], ['math.sqr(h.max())', 0, 8, 'math.sqrt'], ['h.men()', 2, 5, 'mean'], ['h.medain()', 2, 8, 'mean'], ['h.median()', 0, 10, 'np.median(h)'], ['h[s < 1].quantile(0.5)', 0, 22, 'np.quantile(h[s < 1], 0.5)'], ['np.clip(h, amin=1).sum()', 11, 15, 'a_min'],
  ['np.meen(h)', 0, 7, 'np.mean'], ['np.mean(hh)', 8, 10, 'h'], ['np.var(h, dof=1)', 10, 13, 'ddof'], ['h.meen()', 2, 6, 'mean'], ['np.quantile(h, .5, method="liner")', 26, 33, '"linear"']
])('%s: the fix', (text, from, to, replacement) => {
  const { problems } = parseExpression(text, ['h', 's']);
  expect(problems).toMatchObject([{ span: { from, to }, fix: { replacement } }]);
  expect(accepts(text.slice(0, from) + replacement + text.slice(to))).toBe(true);
});

test.each(['os.system("rm")', '__import__("os")', 'eval("1")', 'open("x")', 'h.__class__.__base__', 'np.load("x")', 'np.__builtins__', '().__class__', 'h.tofile("x")', 'exec("1")', 'getattr(h, "size")', 'np.linalg.norm(h)', 'constructor', 'h.constructor()', '__proto__(h)', 'toString(h)', 'np.constructor(h)'])('%s is refused', text => {
  expect(parseExpression(text, ['h', 's']).problems.length).toBeGreaterThan(0);
});

test('deep and long texts are refused, not thrown', () => {
  for (const text of ['('.repeat(1999) + 'h' + ')'.repeat(1999), `${'-'.repeat(3000)}h.max()`, 'h.max()' + '+1'.repeat(1900), 'not '.repeat(900) + '1', `${'abs('.repeat(900)}1${')'.repeat(900)}`, 'h[0]' + '[0]'.repeat(1300), '1 if 1 else '.repeat(300) + '1', 'x'.repeat(5000), '1<'.repeat(1900) + '1', '1 and '.repeat(600) + '1']) {
    const { problems, expression } = parseExpression(text, ['h']);
    expect(problems.length > 0 || expression !== undefined).toBe(true);
  }
});

test.each([
  ['np.cov(h, s)', 'np.cov', /write np\.mean\(\(a - a\.mean/], ['np.sort(h)[0]', 'np.sort', /write np\.min/], ['h[::2].sum()', ':', /without a step/], ['h[:s.size].sum()', 's.size', /the same for all cells/], ['np.diff(h, 9).sum()', '9', /from 1 to 4/], ['np.isin(h, 3).sum()', '3', /expected a list/], ['h.max(dtype=int)', 'int', /leave dtype out/],
  ['np.arange(1e9).size', 'np.arange', /1 to 10001 values/], ['np.linspace(0, 1, h.size)', 'h.size', /expected num as a number/], ['np.histogram(h, bins=[0, 1])', 'np.histogram(h, bins=[0, 1])', /write \[0\] behind it/], ['np.histogram(h, bins=[0, 1])[0].sum()', 'np.histogram(h, bins=[0, 1])[0]', /must be the whole expression/], ['np.histogram(h, bins=[0, 1])[1]', 'np.histogram(h, bins=[0, 1])', /write \[0\]/],
  ['np.histogram(h, bins=10)[0]', '10', /need a range/], ['np.histogram(h, 10, (5, 1))[0]', '(5, 1)', /a greater one as the last/], ['np.histogram(h, bins=[0, 2, 1])[0]', '1', /above the one before, found 1 after 2/], ['np.histogram(h, bins=[0, 0])[0]', '0', /found 0 after 0/], ['np.histogram(h, bins=[3])[0]', '[3]', /2 to 10001 edges, found 1/], ['np.histogram(h, bins=20000, range=(0, 1))[0]', '20000', /from 1 to 10000/],
  ['np.histogram(h, bins=10, range=(1, 1.000000000000001))[0]', '10', /some edges would be equal/], ['np.histogram(h, bins="auto")[0]', '"auto"', /expected the edges/], ['np.histogram(h, bins=[0, np.inf])[0]', 'np.inf', /finite/], ['np.histogram(h)[0]', 'np.histogram', /needs bins: the edges/], ['np.histogram(h, bins=[0, s.max()])[0]', 's.max()', /edges that are finite numbers/], ['np.histogram(h, bins=[0, 1], density=1)[0]', '1', /True or False/],
  ['np.histogram(h.max(), bins=[0, 1])[0]', 'h.max()', /takes a column/], ['np.histogram(h, bins=[0, 1], weights=s[s > 1])[0]', 's[s > 1]', /different rows/], ['np.histogram(h, bins=[0, 1], range=(0, 1))[0]', '(0, 1)', /no effect beside edges/], ['np.histogram(h, bins=[0, 1], wieghts=s)[0]', 'wieghts', /did you mean weights/]
])('%s: told at %s', (text, at, message) => {
  const { problems } = parseExpression(text, ['h', 's']);
  expect(problems.map(({ span }) => text.slice(span.from, span.to))).toContain(at);
  expect(problems.map(problem => problem.message).join()).toMatch(message);
});

test('what repeats an operand is refused before it doubles without end', () => {
  for (const text of [`${'0<('.repeat(60)}h.max()${'<1)'.repeat(60)}<2`, `${'np.nan_to_num('.repeat(60)}h${')'.repeat(60)}.max()`, `${'np.diff('.repeat(60)}h${', 4)'.repeat(60)}.max()`]) {
    expect(parseExpression(text, ['h', 's']).problems).toMatchObject([{ code: 'expression-syntax', message: expect.stringMatching(/repeats itself/) as unknown }]);
  }
});

test('random characters never make it throw', () => {
  const random = randomFrom(5);
  const parts = ['h', 's', 'np.', 'mean', '(', ')', '[', ']', ',', '.', '+', '-', '*', '**', '<', '=', ':', ' ', '\n', '1', '0.5', "'", '"', 'if', 'else', ' not ', ' and ', '#', '\\', '\u00e9', '\ud83d', '{', '@', 'q=', 'None', 'True'];
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: 1 + Math.floor(random() * 12) }, () => parts[Math.floor(random() * parts.length)]!).join('');
    const { expression, problems } = parseExpression(text, ['h', 's']);
    expect(expression === undefined).toBe(problems.length > 0);
    for (const { span } of problems) expect(0 <= span.from && span.from <= span.to && span.to <= text.length).toBe(true);
  }
});

test('names of columns, each once', () => {
  expect(columnsOf(parseExpression('np.average(s, weights=h) + h[s > 1].sum()', ['h', 's']).expression!)).toEqual(['s', 'h']);
});

test('the nearest name', () => {
  const names = ['count', 'mean', 'median', 'quantile', 'h_li'];
  expect(nearestName('quantil', names)).toBe('quantile');
  expect(nearestName('mena', names)).toBe('mean');
  expect(nearestName('H_LI', names)).toBe('h_li');
  expect(nearestName('system', names)).toBeUndefined();
  expect(nearestName('x'.repeat(1e6), names)).toBeUndefined();
  expect(nearestName('', names)).toBeUndefined();
  // What begins alike goes before what is as long, that before what comes first.
  expect(nearestName('men', ['len', 'min', 'mean', 'median'])).toBe('mean');
  expect(nearestName('abx', ['ab', 'aby'])).toBe('aby');
  expect(nearestName('ab', ['ac', 'ad'])).toBe('ac');
});
