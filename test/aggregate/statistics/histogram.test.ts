import { compileStatistics, type ColumnValues } from '../../../src/aggregate/index.js';
import { edgesOf, parseExpression, type Expression, type OutputVariable } from '../../../src/config/index.js';
import { judge } from '../../judge.js';
import { randomFrom } from '../../random.js';
import { makeCells, SIZES, type TestCells } from './cells.js';
import { variable } from './judged.js';

type Call = Expression & { readonly kind: 'call' };

function histogram(text: string, as: Partial<OutputVariable> = {}): OutputVariable {
  const { expression, problems } = parseExpression(text, ['h', 'w']);
  expect([text, problems]).toEqual([text, []]);
  return variable(expression!, { bins: edgesOf(expression as Call), isCount: !text.includes('density=True'), ...as });
}

/** Heights on, beside and beyond the edges that are asked for, with NaN and infinities. */
function cellsOf(missing: readonly number[] = []): TestCells {
  const random = randomFrom(6);
  return makeCells(SIZES, rows => [
    { name: 'h', values: Float64Array.from({ length: rows }, () => {
      const kind = random();
      const edge = Math.floor(41 * random()) / 4;
      if (kind < 0.4) return edge;
      if (kind < 0.5) return edge * (1 + (random() - 0.5) * 4e-16);
      return kind < 0.53 ? NaN : kind < 0.56 ? Infinity : kind < 0.58 ? -Infinity : 13 * random() - 2;
    }), ...(missing.length > 0 ? { missing: Uint8Array.from({ length: rows }, (_, i) => Number(missing.includes(i))) } : {}) },
    { name: 'w', values: Float64Array.from({ length: rows }, () => Math.floor(64 * random()) / 8) }
  ]);
}

function inNumpy(texts: readonly string[], { rows, columns }: TestCells, bins: readonly number[], missing: readonly number[] = []): Float64Array[] {
  const header = Buffer.from(JSON.stringify({ first: Array.from(rows.first), missing, asked: texts }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const bytes = ({ buffer }: ColumnValues): Buffer => Buffer.from(buffer);
  const answer = judge('aggregate/statistics/numpy_histograms.py', [], Buffer.concat([size, header, ...columns.map(({ values }) => bytes(values))]));
  let at = 0;
  return bins.map(count => Float64Array.from({ length: count * rows.cells }, () => answer.readDoubleLE(8 * at++)));
}

const TEXTS: readonly string[] = [
  'np.histogram(h, bins=[0, 1, 2.5, 2.75, 10])[0]', 'np.histogram(h, bins=20, range=(0, 10))[0]', 'np.histogram(h, 20, (0, 10))[0]', 'np.histogram(h, bins=[-1, 11])[0]', 'np.histogram(h, bins=1, range=(2.5, 5))[0]',
  'np.histogram(h, bins=7, range=(0.1, 9.7))[0]', 'np.histogram(h, bins=1000, range=(-1, 10))[0]', 'np.histogram(h, bins=np.linspace(0, 10, 41))[0]', 'np.histogram(h, bins=np.arange(0, 10, 0.1))[0]', 'np.histogram(h, bins=np.arange(8))[0]',
  'np.histogram(h[w > 4], bins=[0, 1, 5, 10])[0]', 'np.histogram(h - 1, bins=[0, 1, 5, 10])[0]', 'np.histogram(np.diff(w), bins=[-8, -1, 0, 1, 8])[0]', 'np.histogram(w, bins=[1, 2, 3, 4, 5, 6, 7.875])[0]',
  'np.histogram(h, bins=[0, 1, 5, 10], density=False)[0]', 'np.histogram(w, bins=[0, 1, 5, 8], density=True)[0]', 'np.histogram(w, bins=4, range=(0, 8), density=True, weights=w)[0]', 'np.histogram(h, bins=10, range=(0, 10), weights=w)[0]',
  'np.histogram(w, bins=[0, 1, 5, 8], weights=w**2 / 4)[0]', 'np.histogram(h, bins=[1e-3, 1e-2, 0.1, 1, 10, 1e300])[0]', 'np.histogram(h, bins=3, range=(-1e308, 7e307))[0]', 'np.histogram(w > 4, bins=[0, 1, 2])[0]'
];

test.each([['without missing rows', []], ['with missing rows', [1, 2, 3, 7, 40, 41, 300, 301, 302, 1900]]])('histograms are numpy\'s: %s', (_, missing) => {
  const cells = cellsOf(missing);
  const variables = TEXTS.map(text => histogram(text));
  const statistics = compileStatistics(variables, cells.names);
  const out = statistics.allocate(cells.rows.cells) as Float64Array[];
  for (const values of out) values.fill(77);
  statistics.evaluate(cells.rows, out);
  // What names no h has all rows.
  const [own, all] = [inNumpy(TEXTS, cells, variables.map(({ bins }) => bins!.length - 1), missing), inNumpy(TEXTS, cells, variables.map(({ bins }) => bins!.length - 1))];
  TEXTS.forEach((text, v) => {
    const expected = text.includes('h[') || text.includes('(h') ? own[v]! : all[v]!;
    expect(out[v]).toHaveLength(expected.length);
    const wrong = Array.from(expected, (value, i) => [i, out[v]![i]!, value] as const).filter(([, a, b]) => !(Object.is(a, b) || Math.abs(a - b) <= 1e-12 * Math.abs(b)));
    expect([text, wrong.slice(0, 5)]).toEqual([text, []]);
  });
  expect(own.every(values => values.some(value => value > 0))).toBe(true);
});

test('a NaN among weights and a large one beside small ones stay in their bins, as with the equal bins of numpy, however the edges are written', () => {
  const h = Float64Array.of(-5, 0.5, 1.5, 1.75, 2.5, NaN, 3.5, 9);
  const w = Float64Array.of(NaN, 1e20, 1, 2, NaN, 5, 3, NaN);
  const cells = makeCells([h.length], () => [{ name: 'h', values: h }, { name: 'w', values: w }]);
  const even = 'np.histogram(h, bins=4, range=(0, 4), weights=w)[0]';
  const texts = [even, 'np.histogram(h, bins=[0, 1, 2, 3, 4], weights=w)[0]', 'np.histogram(h, bins=[0, 1, 2, 3, 4.5], weights=w)[0]'];
  const statistics = compileStatistics(texts.map(text => histogram(text)), cells.names);
  const out = statistics.allocate(1) as Float64Array[];
  statistics.evaluate(cells.rows, out);
  const [expected, byEdges] = inNumpy(texts.slice(0, 2), cells, [4, 4]);
  for (const values of out) expect(values).toEqual(expected);
  // What docs/config.md says of numpy: when it changes, so may we.
  expect(Array.from(byEdges!)).toEqual([NaN, NaN, NaN, NaN]);
});

test('edges are those of numpy', () => {
  const texts = ['bins=7, range=(0.1, 9.7)', 'bins=1000, range=(-1, 10)', 'bins=3, range=(-1e300, 1e300)', 'bins=np.arange(0, 10, 0.1)', 'bins=np.arange(-3, 4)', 'bins=np.linspace(1, 2, 11)', 'bins=np.linspace(0, 1, 8, endpoint=False)', 'bins=[1/3, 0.5, 2**3]'];
  const answer = JSON.parse(judge('import numpy as np, json, sys\nprint(json.dumps([np.histogram([], **eval(f"dict({t})"))[1].tolist() for t in json.load(sys.stdin)]))', [], JSON.stringify(texts)).toString()) as number[][];
  expect(texts.map(text => histogram(`np.histogram(h, ${text})[0]`).bins)).toEqual(answer);
});

test('infinite edges catch everything but NaN', () => {
  const cells = makeCells([5], () => [{ name: 'h', values: Float64Array.of(-Infinity, -1, 3, Infinity, NaN) }, { name: 'w', values: new Float64Array(5) }]);
  const statistics = compileStatistics([histogram('np.histogram(h, bins=[0, 1])[0]', { bins: [-Infinity, 0, Infinity] })], cells.names);
  const out = statistics.allocate(1);
  statistics.evaluate(cells.rows, out);
  expect(Array.from(out[0] as Float64Array)).toEqual([2, 2]);
});

test('bins have the type of the variable; cells without rows hold 0, with density the fill value', () => {
  const cells = makeCells([0, 3, 1], () => [{ name: 'h', values: Float32Array.of(1, 1, 5, 9) }, { name: 'w', values: Float32Array.of(1, 1, 1, 1), missing: Uint8Array.of(0, 0, 0, 1) }]);
  const made = [
    histogram('np.histogram(h, bins=[0, 2, 6])[0]', { dtype: 'uint8', fillValue: 255 }), histogram('np.histogram(h, bins=[0, 2, 6], weights=w)[0]', { dtype: 'int64', fillValue: -1n }),
    histogram('np.histogram(h, bins=[0, 2, 6], density=True)[0]', { dtype: 'float32', fillValue: -9 })
  ];
  const statistics = compileStatistics(made, cells.names);
  const out = statistics.allocate(3);
  statistics.evaluate(cells.rows, out);
  expect(out).toEqual([Uint8Array.of(0, 0, 2, 1, 0, 0), BigInt64Array.of(0n, 0n, 2n, 1n, 0n, 0n), Float32Array.of(-9, -9, 2 / 6, 1 / 12, NaN, NaN)]);
  const many = makeCells([300], () => [{ name: 'h', values: new Float32Array(300) }, { name: 'w', values: new Float32Array(300) }]);
  expect(() => statistics.evaluate(many.rows, statistics.allocate(1))).toThrow(/range of uint8, found 300 in child cell 0/);
});

test('an array that no machine holds is refused before it is made', () => {
  const statistics = compileStatistics([histogram('np.histogram(h, bins=10000, range=(0, 1))[0]')], ['h', 'w']);
  expect(() => statistics.allocate(4 ** 12)).toThrow(/at most 268435456 numbers per parent, found 167772160000 .*fewer bins/);
});

test('bins without a histogram and a histogram without bins are refused', () => {
  expect(() => compileStatistics([histogram('np.histogram(h, bins=[0, 1])[0]', { bins: undefined })], ['h', 'w'])).toThrow(/edges of bins with a histogram/);
  expect(() => compileStatistics([variable(parseExpression('h.max()', ['h']).expression!, { bins: [0, 1] })], ['h', 'w'])).toThrow(/edges of bins with a histogram/);
  expect(() => compileStatistics([histogram('np.histogram(h, bins=[0, 1])[0]', { bins: [1, 1] })], ['h', 'w'])).toThrow(/each above the one before/);
});
