import type { Expression, ReducerName } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { binary, call, column, compare, text } from './build.js';
import { fillByKind, KINDS, makeCells, SIZES, type TestCells } from './cells.js';
import { evaluate, expectNumpy } from './judged.js';

const kinds = Object.values(KINDS);
const finite = [KINDS.heights!, KINDS.slope!, KINDS.ties!, KINDS.offset!, KINDS.constant!];

/** Every size of cell with another kind of values: h float32, g float64, w weights, t ascending. */
function cellsAt(shift: number): TestCells {
  const random = randomFrom(100 + shift);
  return makeCells(SIZES, (rows, first) => [
    { name: 'h', values: fillByKind(new Float32Array(rows), first, kinds, random, shift) },
    { name: 'g', values: fillByKind(new Float64Array(rows), first, kinds, random, shift + 5) },
    { name: 'w', values: Float32Array.from({ length: rows }, () => 0.1 + random()) },
    { name: 't', values: fillByKind(new Float64Array(rows), first, [(r, place) => 3 * place + r()], random, 0) }
  ]);
}

/** All kinds in cells of all sizes, as one set: each shift's cells one after the other. */
const every = joined([0, 2, 4, 6, 8, 10, 12].map(cellsAt));

function joined(sets: readonly TestCells[]): TestCells {
  const sizes = sets.flatMap(({ rows }) => Array.from({ length: rows.cells }, (_, c) => rows.first[c + 1]! - rows.first[c]!));
  return makeCells(sizes, rows =>
    sets[0]!.columns.map(({ name, values }, k) => {
      const out = values instanceof Float32Array ? new Float32Array(rows) : new Float64Array(rows);
      let at = 0;
      for (const set of sets) {
        out.set(set.columns[k]!.values, at);
        at += set.columns[k]!.values.length;
      }
      return { name, values: out };
    })
  );
}

const both = (make: (source: Expression) => Expression): Expression[] => [make(column('h')), make(column('g'))];
const plain = (...names: ReducerName[]): Expression[] => names.flatMap(name => both(source => call(name, [source])));

test('counts, extremes and positions are numpy\'s, exactly', () => {
  const names: ReducerName[] = ['len', 'count', 'size', 'min', 'max', 'ptp', 'argmin', 'argmax', 'any', 'all', 'count_nonzero', 'nanmin', 'nanmax', 'nanargmin', 'nanargmax'];
  expectNumpy(plain(...names), every, 0);
});

test('medians are numpy\'s, exactly', () => {
  expectNumpy(plain('median', 'nanmedian'), every, 0);
});

test.each(['linear', 'lower', 'higher', 'midpoint', 'nearest'])('quantiles by the method %s are numpy\'s, exactly', method => {
  const at = [0, 0.01, 0.25, 1 / 3, 0.5, 0.9, 1];
  const made = at.flatMap(q => [
    ...both(source => call('quantile', [source], { q, method: text(method) })),
    ...both(source => call('nanquantile', [source], { q, method: text(method) })),
    call('percentile', [column('h')], { q: 100 * q, method: text(method) }),
    call('nanpercentile', [column('g')], { q: 100 * q, method: text(method) })
  ]);
  expectNumpy(made, every, 0);
});

test('quantiles of different methods and one alone give what they give together', () => {
  const mixed = ['lower', 'higher', 'nearest', 'linear', 'midpoint'].flatMap(method => [0.5, 0.49, 0.51].map(q => call('quantile', [column('h')], { q, method: text(method) })));
  expectNumpy(mixed, every, 0);
  const together = evaluate(mixed, every);
  mixed.forEach((made, v) => expect(evaluate([made], every)).toEqual([together[v]]));
});

test('sums, means and spreads are numpy\'s to 1e-12', () => {
  const made = [
    ...plain('sum', 'mean', 'average', 'nansum', 'nanmean', 'var', 'std', 'nanvar', 'nanstd'),
    ...(['var', 'std', 'nanvar', 'nanstd'] as const).flatMap(name => [1, 2, 5].flatMap(ddof => both(source => call(name, [source], { ddof }))))
  ];
  expectNumpy(made, every, 1e-12, 1e-290);
});

test('products are numpy\'s to 1e-12, overflow and all', () => {
  expectNumpy(plain('prod', 'nanprod'), every, 1e-12);
});

test('weighted averages are numpy\'s to 1e-12; weights that sum to zero give NaN', () => {
  const inverse = binary(1, '/', binary(column('w'), '**', 2));
  expectNumpy([inverse, column('w')].flatMap(weights => both(source => call('average', [source], { weights }))), every, 1e-12);
  expectNumpy([call('average', [column('w')], { weights: column('h') })], every, 1e-11);
  const zero = binary(column('w'), '*', 0);
  expectNumpy([call('average', [column('t')], { weights: zero }), call('average', [column('t')], { weights: compare(column('w'), '>', 0.6) })], every, 1e-12);
});

test('trapezoids by spacing, by x and plain are numpy\'s to 1e-12', () => {
  expectNumpy([
    ...both(y => call('trapezoid', [y])),
    ...both(y => call('trapezoid', [y], { dx: 20 })),
    ...both(y => call('trapezoid', [y], { x: column('t') }))
  ], every, 1e-12);
});

test('the weights of a whole run of finite cells agree however cells are mixed', () => {
  const random = randomFrom(9);
  const cells = makeCells(Array.from({ length: 300 }, () => Math.floor(random() * 220)), (rows, first) => [
    { name: 'h', values: fillByKind(new Float32Array(rows), first, finite, random, 0) },
    { name: 's', values: Float32Array.from({ length: rows }, () => 0.01 + random()) }
  ]);
  const [h, weights] = [column('h'), binary(1, '/', binary(column('s'), '**', 2))];
  expectNumpy([call('len', [h]), call('min', [h]), call('max', [h]), ...[0.25, 0.5, 0.75].map(q => call('quantile', [h], { q }))], cells, 0);
  expectNumpy([call('average', [h], { weights }), binary(1, '/', call('sqrt', [call('sum', [weights])])), call('var', [h])], cells, 1e-12);
});
