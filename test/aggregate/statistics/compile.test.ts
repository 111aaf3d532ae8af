import { MaggError } from '../../../src/base/index.js';
import { compileStatistics } from '../../../src/aggregate/statistics/index.js';
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
  expressions.push(call('quantile', [h, 0.2]), call('quantile', [h, 0.9]), call('average', [h], { weights }), call('sum', [weights]), call('argmin', [h]), index(h, 0));
  const together = evaluate(expressions, cells);
  expressions.forEach((made, v) => expect(evaluate([made], cells)).toEqual([together[v]]));
});

const REFUSED: readonly (readonly [string, Expression, RegExp])[] = [
  ['an unknown column', call('max', [column('hh')]), /columns h, s, found "hh"/],
  ['a number per row', binary(h, '+', 1), /one number per cell, found one per row.*mean/],
  ['rows of two selections', call('sum', [binary(index(h, compare(s, '>', 1)), '+', s)]), /two different selections/],
  ['weights of another selection', call('average', [index(h, compare(s, '>', 1))], { weights: s }), /two different selections/],
  ['a reduction of one number', call('mean', [call('mean', [h])]), /mean: expected a column/],
  ['an unknown argument', call('mean', [h], { keepdims: true }), /mean: .*found "keepdims"/],
  ['an argument given twice', call('quantile', [h, 0.5], { q: 0.5 }), /"q" is given twice/],
  ['too many arguments', call('median', [h, 0, 1]), /at most 2 arguments/],
  ['no q', call('quantile', [h]), /"q" is missing/],
  ['q out of range', call('quantile', [h, 25]), /from 0 to 1, found 25/],
  ['a list of q', call('percentile', [h, list(25, 75)]), /from 0 to 100, found a list/],
  ['a q per cell', call('quantile', [h, call('min', [s])]), /found a computed value/],
  ['an unknown method', call('quantile', [h, 0.5], { method: text('weibull') }), /method linear, .*found weibull/],
  ['another axis', call('max', [h, 1]), /only the axis 0/],
  ['a ddof per row', call('var', [h], { ddof: s }), /one number for "ddof"/],
  ['a mask of numbers', call('max', [index(h, s)]), /expected a comparison/],
  ['a row number with decimals', index(h, 1.5), /whole row number.*1.5/],
  ['a truth value per cell as mask', index(h, call('any', [s])), /one truth value per row/],
  ['an index into one number', index(call('max', [h]), 0), /found one number per cell: remove/],
  ['a text', binary(call('max', [h]), '+', text('a')), /found the text "a"/],
  ['a list', list(1, 2), /found a list/],
  ['minus a truth value', call('sum', [unary('-', compare(h, '>', 1))]), /found a boolean: use ~/],
  ['a difference of truth values', call('sum', [binary(compare(h, '>', 1), '-', compare(s, '>', 1))]), /use \^/],
  ['a missing operand', call('sum', [call('hypot', [h])]), /hypot: the argument "x2" is missing/],
  ['no column at all', call('mean', []), /found nothing: name one as source/]
];

test.each(REFUSED)('%s is refused when compiling, naming the variable', (_, expression, message) => {
  const compile = (): unknown => compileStatistics([variable(expression, { name: 'height' })], ['h', 's']);
  expect(compile).toThrow(MaggError);
  expect(compile).toThrow(message);
  expect(compile).toThrow(/variable "height"/);
});

test('min and max of several numbers, and of a list, choose one', () => {
  const cells = makeCells([2], () => [{ name: 'h', values: Float32Array.of(1, 5) }, { name: 's', values: Float32Array.of(7, 2) }]);
  const numbers = [call('max', [h]), call('min', [s]), 3];
  const values = evaluate([call('min', numbers), call('max', numbers), call('max', [list(...numbers)]), call('min', [call('mean', [h]), 2.5])], cells);
  expect(values.map(([value]) => value)).toEqual([2, 5, 5, 2.5]);
});
