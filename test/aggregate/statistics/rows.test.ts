import { MaggError } from '../../../src/base/index.js';
import { compileRows, type ColumnValues, type RowExpression } from '../../../src/aggregate/index.js';
import { judge } from '../../judge.js';
import { randomFrom } from '../../random.js';
import { binary, call, choose, column, compare, index, logical, unary } from './build.js';
import { parsePython } from '../../../src/config/expression-parser.js';
import type { Expression } from '../../../src/config/index.js';

const [h, s] = [column('h'), column('s')];
const NAMES = ['h', 's', 'q'];

function parse(text: string): Expression {
  const problems: string[] = [];
  const expression = parsePython(text, problem => problems.push(problem.message));
  if (!expression) throw new Error(`${text}: ${problems.join('; ')}`);
  return expression;
}

/** float32, float64 and flags, with NaN, infinities and zeros between them. */
function columnsOf(rows: number): readonly ColumnValues[] {
  const random = randomFrom(rows + 1);
  const odd = [NaN, Infinity, -Infinity, 0, -0];
  const value = (scale: number): number => (random() < 0.05 ? odd[Math.floor(random() * odd.length)]! : scale * (random() - 0.3));
  return [
    Float32Array.from({ length: rows + 3 }, () => value(900)), Float64Array.from({ length: rows + 1 }, () => value(2)), Float64Array.from({ length: rows }, () => Math.floor(6 * random()))
  ];
}

const NO_MASKS = [undefined, undefined, undefined];

function evaluateInNumpy(expressions: readonly (readonly [string | null, string])[], columns: readonly ColumnValues[], rows: number): Float64Array[] {
  const header = Buffer.from(JSON.stringify({ rows, columns: columns.map((values, i) => [NAMES[i], values instanceof Float32Array ? '<f4' : '<f8']), expressions }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const arrays = columns.map(values => values.subarray(0, rows)).map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  const answer = judge('aggregate/statistics/numpy_rows.py', [], Buffer.concat([size, header, ...arrays]));
  return expressions.map((_, e) => Float64Array.from({ length: rows }, (__, i) => answer.readDoubleLE(8 * (e * rows + i))));
}

/** As they are written in a config, and for numpy where that must be written differently. */
const TEXTS: readonly (readonly [string | null, string, string?])[] = [
  ['d', 'h - s'], ['d2', 'd**2 + d'], ['alias', 'h'], ['again', 'h - s'], ['whole', 'q // 2 % 3'], ['good', '(s < 0.5) & (q != 3)'], [null, 'good'], [null, 'good | (d2 > 10)'], [null, '~good'],
  [null, 'h'], [null, 'h - s'], [null, 's < 1'], [null, 's >= 1'], [null, 's == s'], [null, 'h != s'], [null, 'np.isfinite(h)'], [null, 'np.abs(h) < 100'],
  [null, 's < 1 and q > 2', 'AND(s < 1, q > 2)'], [null, 's < 1 or h > 2 and q == 1', 'OR(s < 1, AND(h > 2, q == 1))'], [null, 'not s < 1', 'NOT(s < 1)'], [null, 'not s', 'NOT(s)'], [null, '0 < s < 1', 'AND(0 < s, s < 1)'],
  ['either', 's and h', 'AND(s, h)'], ['or_', 's or h', 'OR(s, h)'], ['chosen', 'h if s < 1 else -s', 'IF(s < 1, h, -s)'], ['w', '1 / s**2'], ['root', 'np.sqrt(h)'], ['where', 'np.where(q > 2, h, np.nan)'],
  ['clipped', 'np.clip(h, -10, 10)'], ['rounded', 'np.round(s, 1)'], ['five', '5'], ['bits', 'np.bitwise_and(q.astype(int), 1)', 'np.bitwise_and(q.astype(int), 1)'], ['from_bits', 'bits + d'], [null, 'bits'], ['flag', '(h > 1).astype(float) * 2'],
  ['hypot', 'np.hypot(h, s)'], ['none', 'np.nan'], ['negative', '-good.astype(int)', '-(good.astype(int))'], ['sum_of_flags', 'good + good', 'good + good']
];

test.each([0, 1, 4095, 4096, 10_001])('let columns and filters over %s rows are numpy\'s, whatever came before', rows => {
  const program = compileRows(TEXTS.map(([name, text]): RowExpression => ({ name: name ?? undefined, expression: parse(text) })), NAMES);
  expect(program.used).toEqual([0, 1, 2]);
  program.evaluate({ count: 7000, columns: columnsOf(7000), missing: NO_MASKS });
  const columns = columnsOf(rows);
  const before = columns.map(values => values.slice());
  const { values, missing } = program.evaluate({ count: rows, columns, missing: NO_MASKS });
  expect(columns).toEqual(before);
  expect(missing).toEqual(TEXTS.map(() => undefined));
  if (rows === 0) return;
  const expected = evaluateInNumpy(TEXTS.map(([name, text, numpy]) => [name, numpy ?? text]), columns, rows);
  TEXTS.forEach(([, text], e) => {
    const wrong = Array.from({ length: rows }, (_, i) => [values[e]![i]!, expected[e]![i]!] as const).filter(([a, b]) => a !== b && !(a !== a && b !== b) && !(Math.abs(a - b) <= 1e-14 * Math.abs(b)));
    expect([text, wrong.slice(0, 3)]).toEqual([text, []]);
  });
});

test('a value is missing where a column of it is, also through earlier expressions', () => {
  const masks = [Uint8Array.of(1, 0, 0, 0), undefined, Uint8Array.of(0, 0, 1, 0)];
  const made: readonly RowExpression[] = [
    { name: 'd', expression: binary(h, '-', s) }, { name: 'e', expression: binary(column('d'), '*', column('q')) }, { name: 'only_s', expression: unary('-', s) },
    { name: undefined, expression: compare(column('e'), '>', 0) }, { name: 'five', expression: { kind: 'number', value: 5, span: { from: 0, to: 1 } } }
  ];
  const columns = [Float32Array.of(1, 2, 3, 4), Float64Array.of(1, 1, 1, 1), Float64Array.of(1, 1, 1, 1)];
  const program = compileRows(made, NAMES);
  const plain = (arrays: readonly (Uint8Array | undefined)[]): unknown => arrays.map(array => array && Array.from(array.subarray(0, 4)));
  const both = [1, 0, 1, 0];
  expect(plain(program.evaluate({ count: 4, columns, missing: masks }).missing)).toEqual([[1, 0, 0, 0], both, undefined, both, undefined]);
  // Nothing of it stays.
  expect(plain(program.evaluate({ count: 4, columns, missing: [undefined, undefined, Uint8Array.of(0, 1, 0, 0)] }).missing)).toEqual([undefined, [0, 1, 0, 0], undefined, [0, 1, 0, 0], undefined]);
  expect(plain(program.evaluate({ count: 4, columns, missing: NO_MASKS }).missing)).toEqual(made.map(() => undefined));
});

test('only the columns that something needs are used and looked at', () => {
  const program = compileRows([{ name: 'd', expression: binary(s, '-', 1) }, { name: undefined, expression: compare(column('d'), '>', 0) }], NAMES);
  expect(program.used).toEqual([1]);
  const { values } = program.evaluate({ count: 2, columns: [undefined as unknown as Float64Array, Float64Array.of(0, 3)], missing: NO_MASKS });
  expect(values.map(array => Array.from(array.subarray(0, 2)))).toEqual([[-1, 2], [0, 1]]);
});

test('an earlier name goes before a column, a later one is unknown', () => {
  const program = compileRows([{ name: 's', expression: binary(s, '+', 1) }, { name: 'x', expression: binary(s, '*', 2) }], NAMES);
  expect(Array.from(program.evaluate({ count: 1, columns: columnsOf(1).map(() => Float64Array.of(3)), missing: NO_MASKS }).values[1]!.subarray(0, 1))).toEqual([8]);
  expect(() => compileRows([{ name: 'a', expression: column('b') }, { name: 'b', expression: h }], NAMES)).toThrow(/column "a".*found "b"/);
});

test.each([
  ['a reduction', call('mean', [h])], ['a reduction within', binary(h, '-', call('mean', [h]))], ['a selection', index(h, compare(s, '<', 1))], ['one row', index(h, 0)],
  ['a reduction as a choice', choose(call('any', [h]), h, s)], ['a number of rows', logical(call('size', [h]), 'and', h)]
])('%s is refused, naming the column', (_, expression) => {
  const compiling = (): unknown => compileRows([{ name: 'd', expression }], NAMES);
  expect(compiling).toThrow(MaggError);
  expect(compiling).toThrow(/column "d": expected one value per row/);
  expect(() => compileRows([{ name: undefined, expression }], NAMES)).toThrow(/filter: expected one value per row/);
});
