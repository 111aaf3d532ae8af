import { compileStatistics, type CellRows, type OutputValues } from '../../../src/aggregate/index.js';
import { cellBlocks } from '../../../src/aggregate/statistics/cell-blocks.js';
import { edgesOf, parseExpression, type Expression, type OutputVariable } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { variable } from './judged.js';

const random = randomFrom(12);
const parentOf = (sizes: readonly number[]): Pick<CellRows, 'cells' | 'first'> => {
  const first = new Int32Array(sizes.length + 1);
  sizes.forEach((rows, c) => (first[c + 1] = first[c]! + rows));
  return { cells: sizes.length, first };
};

test.each<[string, number[], [number, number][]]>([
  ['no cell', [], [[0, 0]]],
  ['empty cells', [0, 0, 0], [[0, 3]]],
  ['as many rows as a block has', [10_000, 6384], [[0, 2]]],
  ['one more', [10_000, 6385], [[0, 1], [1, 2]]],
  ['a cell that is larger than a block, between small and empty ones', [5, 0, 40_000, 0, 7], [[0, 2], [2, 3], [3, 5]]],
  ['large cells at both ends', [20_000, 1, 20_000], [[0, 1], [1, 2], [2, 3]]],
  ['empty cells behind a full block', [16_384, 0, 0, 1], [[0, 3], [3, 4]]]
])('blocks of %s', (_, sizes, expected) => {
  const parent = parentOf(sizes);
  const found = [...cellBlocks({ ...parent, columns: [], missing: [] })];
  expect(found.map(({ from, to }) => [from, to])).toEqual(expected);
});

const TEXTS = ['len(h)', 'np.count(h)', 'np.min(h)', 'np.median(h)', 'np.quantile(h, 0.9)', 'np.average(h, weights=1 / s**2)', 'np.mean(h[s < 0.4])', 'np.std(s - np.mean(s))', 'h[0]', 'np.sum(np.diff(h))', '7', 'np.histogram(h, bins=[0, 0.2, 0.5, 1])[0]'];

function compiled(): OutputVariable[] {
  return TEXTS.map(text => {
    const { expression, problems } = parseExpression(text, ['h', 's']);
    expect([text, problems]).toEqual([text, []]);
    const isHistogram = text.includes('histogram');
    return variable(expression!, isHistogram ? { bins: edgesOf(expression as Expression & { readonly kind: 'call' }), isCount: true } : {});
  });
}

test.each([['float32', false], ['float64', false], ['float32', true], ['float64', true]])('a parent of several blocks (%s, missing rows: %s) has what each of its cells has alone', (type, hasMissing) => {
  const sizes = Array.from({ length: 400 }, () => (random() < 0.2 ? 0 : Math.floor(random() ** 4 * 3000)));
  sizes[17] = 20_000;
  const parent = parentOf(sizes);
  const rows = parent.first[parent.cells]!;
  expect([...cellBlocks({ ...parent, columns: [], missing: [] })].length).toBeGreaterThan(5);
  const values = (): Float32Array | Float64Array => (type === 'float32' ? Float32Array.from({ length: rows }, random) : Float64Array.from({ length: rows }, random));
  const columns = [values(), values()];
  // Only in some blocks, and one cell has none left.
  const mask = Uint8Array.from({ length: rows }, (_, i) => Number(i > rows / 2 && random() < 0.1));
  const lonely = sizes.findIndex((size, c) => c > 300 && size > 0);
  mask.fill(1, parent.first[lonely], parent.first[lonely + 1]);
  const missing = hasMissing ? [mask, undefined] : [undefined, undefined];
  const statistics = compileStatistics(compiled(), ['h', 's']);
  const widths = TEXTS.map(text => (text.includes('histogram') ? 3 : 1));
  const out = statistics.allocate(parent.cells);
  out.forEach(array => (array as Float64Array).fill(-1));
  const counted = [...statistics.evaluate({ ...parent, columns, missing }, out)];
  const any = TEXTS.map(() => 0);
  const slice = <T extends Float32Array | Float64Array | Uint8Array>(array: T, from: number, to: number): T => array.slice(from, to) as T;
  for (let c = 0; c < parent.cells; c++) {
    const [from, to] = [parent.first[c]!, parent.first[c + 1]!];
    const own: OutputValues[] = statistics.allocate(1);
    const some = { cells: 1, first: Int32Array.of(0, to - from), columns: columns.map(column => slice(column, from, to)), missing: missing.map(one => one && slice(one, from, to)) };
    statistics.evaluate(some, own).forEach((is, v) => (any[v]! |= is));
    own.forEach((array, v) => expect([TEXTS[v], c, ...(out[v] as Float64Array).subarray(c * widths[v]!, (c + 1) * widths[v]!)]).toEqual([TEXTS[v], c, ...(array as Float64Array)]));
  }
  expect(counted).toEqual(any);
});
