import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MaggError } from '../../../src/base/index.js';
import { compileStatistics, type CellRows, type OutputValues } from '../../../src/aggregate/index.js';
import { Graph } from '../../../src/aggregate/statistics/graph.js';
import { lower } from '../../../src/aggregate/statistics/lower.js';
import type { Expression } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { binary, call, column, compare, index, list, text, unary } from './build.js';
import { fillByKind, KINDS, makeCells, SIZES } from './cells.js';
import { evaluate, variable } from './judged.js';

const [h, s] = [column('h'), column('s')];
const weights = binary(1, '/', binary(s, '**', 2));

test('what two variables have in common is one value', () => {
  const lowering = { graph: new Graph(), columns: new Map([['h', 0], ['s', 1]]) };
  const inverse = lower(weights, lowering);
  expect(lower(binary(1, '/', binary(s, '**', 2)), lowering)).toBe(inverse);
  expect(lower(call('sum', [weights]), lowering)).toBe(lower(call('sum', [weights]), lowering));
  const close = compare(s, '<', 0.1);
  expect(lower(index(h, close), lowering).rows).toBe(lower(index(s, close), lowering).rows);
  expect(lower(index(h, close), lowering)).not.toBe(lower(index(h, compare(s, '<=', 0.1)), lowering));
});

test('only the columns that something needs are used; len needs none', () => {
  const used = (...expressions: Expression[]): readonly number[] => compileStatistics(expressions.map(made => variable(made)), ['x', 'h', 'y', 's']).used;
  expect(used(call('len', [h]))).toEqual([]);
  expect(used(call('count', [h]))).toEqual([1]);
  expect(used(call('average', [s], { weights: binary(1, '/', s) }), call('len', [h]))).toEqual([3]);
  expect(used(call('len', [index(h, compare(s, '>', 0))]))).toEqual([1, 3]);
  expect(used(call('max', [column('y')]), call('median', [h]))).toEqual([1, 2]);
});

test('one program serves small and large parents in any order, with and without missing rows', () => {
  const random = randomFrom(3);
  const expressions = [
    call('median', [h]), call('var', [h]), call('average', [h], { weights }), call('mean', [index(h, compare(s, '<', 0.5))]), call('nanmean', [binary(h, '-', call('nanmax', [h]))]),
    call('min', [call('where', [compare(s, '<', 0.4), h, s])]), call('len', [h]), call('count', [s])
  ];
  const parents = [[3], SIZES, [0, 5, 0], [2000, 0, 9], [1]].flatMap(sizes =>
    [false, true].map(isMasked => makeCells(sizes, (rows, first) => [
      { name: 'h', values: fillByKind(new Float32Array(rows), first, [KINDS.heights!, KINDS.someNaN!], random, 0) },
      { name: 's', values: fillByKind(new Float64Array(rows), first, [random], random, 0), ...(isMasked ? { missing: Uint8Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0)) } : {}) }
    ]))
  );
  const statistics = compileStatistics(expressions.map(made => variable(made)), ['h', 's']);
  for (const parent of [...parents, ...[...parents].reverse()]) {
    const out = statistics.allocate(parent.rows.cells);
    statistics.evaluate(parent.rows, out);
    expect(out).toEqual(evaluate(expressions, parent));
  }
});

test('each variable alone gives what all give together', () => {
  const random = randomFrom(8);
  const cells = makeCells(SIZES, (rows, first) => [
    { name: 'h', values: fillByKind(new Float32Array(rows), first, Object.values(KINDS), random, 0) },
    { name: 's', values: Float64Array.from({ length: rows }, random) }
  ]);
  const expressions = (['min', 'max', 'sum', 'mean', 'var', 'std', 'median', 'ptp', 'count'] as const).map(name => call(name, [h]));
  expressions.push(call('quantile', [h], { q: 0.2 }), call('quantile', [h], { q: 0.9 }), call('average', [h], { weights }), call('sum', [weights]), call('argmin', [h]), index(h, 0));
  const together = evaluate(expressions, cells);
  expressions.forEach((made, v) => expect(evaluate([made], cells)).toEqual([together[v]]));
});

const REFUSED: readonly (readonly [string, Expression, RegExp])[] = [
  ['an unknown column', call('max', [column('hh')]), /columns h, s, found "hh"/],
  ['a number per row', binary(h, '+', 1), /one number per cell, found one per row.*mean/],
  ['rows of two selections', call('sum', [binary(index(h, compare(s, '>', 1)), '+', s)]), /two different selections/],
  ['weights of another selection', call('average', [index(h, compare(s, '>', 1))], { weights: s }), /two different selections/],
  ['a reduction of one number', call('mean', [call('mean', [h])]), /mean: expected a column/],
  ['an unknown parameter', call('mean', [h], { keepdims: true }), /mean: expected no parameter, found "keepdims"/],
  ['a parameter of another function', call('var', [h], { q: 1 }), /var: expected ddof, found "q"/],
  ['no q', call('quantile', [h]), /from 0 to 1, found none/],
  ['q out of range', call('quantile', [h], { q: 25 }), /from 0 to 1, found 25/],
  ['a list of q', call('percentile', [h], { q: list(25, 75) }), /found a list: write a variable for each/],
  ['a q per cell', call('quantile', [h], { q: call('min', [s]) }), /found a number per cell/],
  ['an unknown method', call('quantile', [h], { q: 0.5, method: text('weibull') }), /method linear, .*found weibull/],
  ['a ddof per row', call('var', [h], { ddof: s }), /one number for "ddof"/],
  ['a mask of numbers', call('max', [index(h, s)]), /expected a comparison/],
  ['a row number with decimals', index(h, 1.5), /whole row number.*1.5/],
  ['a truth value per cell as mask', index(h, call('any', [s])), /one truth value per row/],
  ['an index into one number', index(call('max', [h]), 0), /found one number per cell: remove/],
  ['a text', binary(call('max', [h]), '+', text('a')), /found the text "a"/],
  ['a list', list(1, 2), /found a list/],
  ['a missing operand', call('sum', [call('hypot', [h])]), /hypot: expected 2 operands, found 1/],
  ['no column at all', call('mean', []), /mean: expected 1 operands, found 0/]
];

test.each(REFUSED)('%s is refused when compiling, naming the variable', (_, expression, message) => {
  const compile = (): unknown => compileStatistics([variable(expression, { name: 'height' })], ['h', 's']);
  expect(compile).toThrow(MaggError);
  expect(compile).toThrow(message);
  expect(compile).toThrow(/variable "height"/);
});

test('where numpy refuses to subtract truth values, they are numbers', () => {
  const cells = makeCells([3], () => [{ name: 'h', values: Float32Array.of(1, 5, 6) }, { name: 's', values: Float32Array.of(7, 2, 1) }]);
  const [p, q] = [compare(h, '>', 4), compare(s, '>', 1)];
  expect(evaluate([call('sum', [unary('-', p)]), call('min', [binary(p, '-', q)]), binary(call('any', [p]), '-', call('all', [p]))], cells).map(([value]) => value)).toEqual([-2, -1, 1]);
});

test('parts of a parent, coarser cells and views of arrays give what the whole gives', () => {
  const random = randomFrom(17);
  const sizes = Array.from({ length: 64 }, (_, c) => (c % 7 === 0 ? 0 : Math.floor(random() * 90)));
  const cells = makeCells(sizes, (rows, first) => [
    { name: 'h', values: fillByKind(new Float32Array(rows), first, [KINDS.heights!, KINDS.someNaN!], random, 0), missing: Uint8Array.from({ length: rows }, () => (random() < 0.1 ? 1 : 0)) },
    { name: 's', values: Float32Array.from({ length: rows }, () => 0.1 + random()) }
  ]);
  const bins = [0, 0.5, 1, 2];
  const histogram = variable(call('histogram', [s], { bins: list(...bins) }), { name: 'bins', bins, isCount: true, dtype: 'uint16', fillValue: 0 });
  const variables = [call('len', [h]), call('median', [h]), call('var', [h]), call('average', [h], { weights }), call('max', [index(s, compare(h, '>', 1490))])].map(made => variable(made));
  const statistics = compileStatistics([...variables, histogram], ['h', 's']);
  const evaluated = (rows: CellRows): OutputValues[] => {
    const out = statistics.allocate(rows.cells);
    statistics.evaluate(rows, out);
    return out;
  };
  const whole = evaluated(cells.rows);
  const out = statistics.allocate(64);
  for (const [from, to] of [[0, 1], [1, 40], [40, 64]] as const) {
    const at = cells.rows.first[from]!;
    const part: CellRows = {
      cells: to - from, first: cells.rows.first.slice(from, to + 1).map(row => row - at),
      columns: cells.rows.columns.map(values => values.subarray(at)), missing: cells.rows.missing.map(mask => mask?.subarray(at))
    };
    statistics.evaluate(part, out.map((values, v) => values.subarray((v === 5 ? 3 : 1) * from, (v === 5 ? 3 : 1) * to)));
  }
  expect(out).toEqual(whole);
  const coarse: CellRows = { ...cells.rows, cells: 16, first: Int32Array.from({ length: 17 }, (_, c) => cells.rows.first[4 * c]!) };
  const joined = makeCells(Array.from({ length: 16 }, (_, c) => coarse.first[c + 1]! - coarse.first[c]!), () => cells.columns);
  expect(evaluated(coarse)).toEqual(evaluated(joined.rows));
  expect(evaluated(cells.rows)).toEqual(whole);
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('memory of a parent that was much larger than the next is given back', async () => {
  const made = [call('median', [h]), call('sum', [binary(index(h, compare(s, '>', 0)), '*', 2)])];
  const statistics = compileStatistics(made.map(expression => variable(expression)), ['h', 's']);
  const cells = (rows: number): CellRows => makeCells([rows], () => [{ name: 'h', values: new Float32Array(rows).fill(3) }, { name: 's', values: new Float32Array(rows).fill(1), missing: new Uint8Array(rows) }]).rows;
  const held = async (rows: number): Promise<number> => {
    const out = statistics.allocate(1);
    statistics.evaluate(cells(rows), out);
    expect(out.map(([value]) => value)).toEqual([3, 6 * rows]);
    // Buffers are freed behind the collection: the next one finds them gone.
    for (let round = 0; round < 2; round++) {
      collectGarbage();
      await new Promise(resolve => setImmediate(resolve));
    }
    return process.memoryUsage().arrayBuffers;
  };
  const before = await held(1000);
  expect(await held(3_000_000) - before).toBeGreaterThan(8 * 3_000_000);
  expect(await held(1000) - before).toBeLessThan(1e6);
});
