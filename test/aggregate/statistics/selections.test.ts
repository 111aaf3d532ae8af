import type { Expression } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { binary, call, column, compare, index, logical, unary } from './build.js';
import { fillByKind, KINDS, makeCells, SIZES, type TestCells } from './cells.js';
import { evaluate, expectNumpy } from './judged.js';

const [h, s, g] = [column('h'), column('s'), column('g')];

function cellsWith(masks: { readonly h?: number; readonly s?: number; readonly g?: number }, seed: number): TestCells {
  const random = randomFrom(seed);
  const mask = (rows: number, share: number | undefined): { missing: Uint8Array } | object =>
    share === undefined ? {} : { missing: Uint8Array.from({ length: rows }, () => (random() < share ? 1 : 0)) };
  return makeCells(SIZES, (rows, first) => [
    { name: 'h', values: fillByKind(new Float32Array(rows), first, [KINDS.heights!, KINDS.ties!, KINDS.someNaN!], random, seed), ...mask(rows, masks.h) },
    { name: 's', values: Float32Array.from({ length: rows }, random), ...mask(rows, masks.s) },
    { name: 'g', values: fillByKind(new Float64Array(rows), first, [KINDS.slope!, KINDS.heights!], random, seed), ...mask(rows, masks.g) }
  ]);
}

const close = compare(s, '<', 0.3);
const masked = index(h, close);
const twice = index(index(g, close), compare(masked, '>', 2));
const EXACT: readonly Expression[] = [
  call('size', [masked]), call('min', [masked]), call('max', [index(g, close)]), call('median', [masked]), call('quantile', [index(g, close)], { q: 0.9 }),
  call('argmin', [masked]), call('any', [masked]), call('all', [masked]), call('count_nonzero', [masked]), call('size', [twice]), call('median', [twice]),
  call('nanmedian', [masked]), call('nanmin', [twice]), call('nanargmax', [masked]), call('count', [masked]),
  call('size', [index(h, binary(close, '&', compare(g, '>', 900)))]), call('max', [index(h, unary('~', close))]),
  index(h, 0), index(h, -1), index(h, 3), index(h, -12), index(masked, 0), index(masked, -2), index(g, call('argmin', [s])), index(g, call('argmax', [index(s, close)])),
  call('max', [index(g, compare(h, '==', call('max', [h])))])
];
const CLOSE: readonly Expression[] = [
  call('mean', [masked]), call('sum', [masked]), call('prod', [index(s, close)]), call('var', [index(g, close)]), call('std', [masked], { ddof: 1 }), call('nanmean', [masked]),
  call('nansum', [twice]), call('average', [masked], { weights: index(s, close) }), call('sum', [binary(masked, '*', index(s, close))]),
  call('mean', [binary(binary(g, '-', call('mean', [g])), '**', 2)]), call('mean', [binary(masked, '+', call('max', [g]))]),
  call('trapezoid', [masked], { x: call('abs', [index(s, close)]) }),
  binary(call('sum', [masked]), '/', call('len', [masked])), call('mean', [close]), logical(call('any', [close]), 'and', call('mean', [g]))
];

test('masks and row numbers are numpy\'s; a mask that keeps no row gives the value of nothing', () => {
  const cells = cellsWith({}, 1);
  expectNumpy(EXACT, cells, 0);
  expectNumpy(CLOSE, cells, 1e-12);
  expectNumpy([...EXACT, ...CLOSE], makeCells([3, 1], rows => [
    { name: 'h', values: new Float32Array(rows).fill(3) }, { name: 's', values: new Float32Array(rows).fill(0.9) }, { name: 'g', values: new Float64Array(rows).fill(2) }
  ]), 1e-12);
});

test.each([
  ['one column', { h: 0.2 }], ['two columns', { h: 0.5, s: 0.4 }], ['all columns', { h: 0.1, s: 0.1, g: 0.9 }], ['a mask without a missing row', { g: 0 }], ['everything', { s: 1 }]
])('a missing row is left out of the variables that use its column: %s', (_, masks) => {
  const cells = cellsWith(masks, 2);
  const alone = [h, s, g].flatMap(source => [call('min', [source]), call('median', [source]), call('count', [source]), call('size', [source])]);
  expectNumpy([...EXACT, ...alone, ...CLOSE, call('mean', [h]), call('mean', [s]), call('var', [g]), binary(call('mean', [h]), '-', call('mean', [s]))], cells, 1e-12);
});

test('len counts missing rows, count does not, and a cell whose rows are all missing holds what an empty one holds', () => {
  const cells = makeCells([2, 0, 3], () => [{ name: 'h', values: Float32Array.of(1, 2, 3, NaN, 5), missing: Uint8Array.of(1, 1, 0, 0, 1) }]);
  const values = evaluate([call('len', [h]), call('count', [h]), call('min', [h]), binary(call('sum', [index(h, compare(h, '>', 0))]), '/', call('len', [h]))], cells);
  expect(values.map(column => Array.from(column))).toEqual([[2, 0, 3], [0, 0, 2], [NaN, NaN, NaN], [NaN, NaN, 1.5]]);
});

test('the columns that came in are never changed, and parents do not leave traces in each other', () => {
  const cells = cellsWith({ h: 0.3 }, 5);
  const before = cells.columns.map(({ values }) => values.slice());
  const expressions = [...EXACT, ...CLOSE];
  const fresh = evaluate(expressions, cells);
  expect(cells.columns.map(({ values }) => values)).toEqual(before);
  expect(evaluate(expressions, cells)).toEqual(fresh);
});
