import type { ArithmeticOperator, CompareOperator, ElementwiseName, Expression } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { binary, call, choose, column, compare, index, logical, unary } from './build.js';
import { makeCells } from './cells.js';
import { expectNumpy } from './judged.js';

const random = randomFrom(4);
const SPECIAL = [0, 1, -1, 2, 0.5, -0.5, 2.5, -2.5, -3, 7, 1e10, -1e-10, 1e300, Infinity, -Infinity, NaN];

/** One row per cell and every pair of special numbers: what works element by element is seen through [0]. */
const pairs = makeCells(new Array<number>(SPECIAL.length ** 2).fill(1), rows => [
  { name: 'a', values: Float64Array.from({ length: rows }, (_, i) => SPECIAL[i % SPECIAL.length]!) },
  { name: 'b', values: Float64Array.from({ length: rows }, (_, i) => SPECIAL[Math.floor(i / SPECIAL.length)]!) }
]);
/** Whether -infinity ** 0.5 is NaN depends on how numpy is called. */
const powers = makeCells(new Array<number>(SPECIAL.length ** 2).fill(1), rows => [
  { name: 'a', values: pairs.columns[0]!.values },
  { name: 'b', values: Float64Array.from({ length: rows }, (_, i) => (pairs.columns[1]!.values[i] === 0.5 ? 0.25 : pairs.columns[1]!.values[i]!)) }
]);
const ordinary = makeCells([40, 0, 1, 30], rows => [
  { name: 'a', values: Float32Array.from({ length: rows }, () => 8 * random() - 4) },
  { name: 'b', values: Float64Array.from({ length: rows }, () => 1 + 3 * random()) }
]);
const [a, b] = [column('a'), column('b')];
const firstRow = (rows: Expression): Expression => call('float', [index(rows, 0)]);
/** On rows, seen one by one; on one number per cell; and mixed. */
const everywhere = (make: (x: Expression, y: Expression) => Expression): Expression[] => [
  firstRow(make(a, b)), make(call('max', [a]), call('max', [b])), call('max', [make(a, call('max', [b]))]), call('float', [index(make(call('max', [a]), b), -1)])
];

const ONE: readonly ElementwiseName[] = [
  'abs', 'sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log2', 'log10', 'log1p', 'arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh', 'arcsinh', 'arccosh', 'arctanh', 'exp2', 'degrees', 'radians',
  'floor', 'ceil', 'trunc', 'rint', 'round', 'sign', 'square', 'isnan', 'isfinite', 'isinf', 'bool', 'float'
];

test('functions of one operand are numpy\'s, on all kinds of numbers', () => {
  const made = ONE.flatMap(name => [firstRow(call(name, [a])), call('float', [call(name, [call('min', [a])])])]);
  expectNumpy(made, pairs, 2e-15);
  expectNumpy([...ONE, 'sin' as const, 'cos' as const, 'tan' as const].map(name => call('sum', [call(name, [a])])), ordinary, 1e-12);
});

test('int cuts towards zero', () => {
  expectNumpy([firstRow(call('int', [a])), call('sum', [call('int', [a])]), call('int', [call('mean', [a])])], ordinary, 0);
});

test('functions of two and three operands are numpy\'s, on all kinds of numbers', () => {
  expectNumpy((['arctan2', 'hypot', 'minimum', 'maximum', 'fmin', 'fmax', 'fmod'] as const).flatMap(name => everywhere((x, y) => call(name, [x, y]))), pairs, 2e-15);
  expectNumpy([firstRow(call('power', [a, b])), call('power', [call('max', [a]), call('max', [b])])], powers, 2e-15);
  expectNumpy([...everywhere((x, y) => call('where', [compare(x, '<', y), x, 3])), ...everywhere((x, y) => call('where', [x, y, x]))], pairs, 0);
});

const ARITHMETIC: readonly ArithmeticOperator[] = ['+', '-', '*', '/', '//', '%', '**'];
test("arithmetic is numpy's, on all kinds of numbers", () => {
  const withConstants = (operator: ArithmeticOperator): Expression[] =>
    [2, 3, -2, 0.25, 1, -1, 0].flatMap(value => [binary(a, operator, value), ...(value === 0 ? [] : [binary(value, operator, a)])]);
  const made = (operator: ArithmeticOperator): Expression[] => [...everywhere((x, y) => binary(x, operator, y)), ...withConstants(operator).map(firstRow)];
  expectNumpy(ARITHMETIC.filter(operator => operator !== '**').flatMap(made), pairs, 2e-15);
  expectNumpy(made('**'), powers, 2e-15);
  expectNumpy(ARITHMETIC.flatMap(withConstants).map(rows => call('nansum', [rows])), ordinary, 1e-12);
});

test('a power of one half is a square root', () => {
  expectNumpy([firstRow(binary(a, '**', 0.5)), firstRow(binary(b, '**', 1.5))], ordinary, 2e-15);
});

const COMPARE: readonly CompareOperator[] = ['<', '<=', '>', '>=', '==', '!='];
test('comparisons with NaN are false, but for !=', () => {
  expectNumpy(COMPARE.flatMap(operator => [
    ...everywhere((x, y) => compare(x, operator, y)), firstRow(compare(a, operator, 1)), firstRow(compare(1, operator, a))
  ]), pairs, 0);
});

test('booleans: & | ^ ~ are logical, + is or, * is and, sums and powers count', () => {
  const [p, q] = [compare(a, '>', 0), compare(b, '>', 2)];
  const made = (['&', '|', '^', '+', '*', '/', '//', '%', '**'] as const).flatMap(operator =>
    operator === '//' || operator === '%' ? [call('sum', [binary(p, operator, true)])] : [call('sum', [binary(p, operator, q)])]
  );
  expectNumpy([
    ...made, call('sum', [unary('~', p)]), call('mean', [p]), call('var', [p]), call('min', [p]), call('max', [p]), call('prod', [p]), call('any', [p]),
    unary('~', call('any', [p])), unary('not', call('mean', [a])), call('sum', [binary(p, '*', a)]), call('sum', [binary(p, '+', 1)]), call('argmax', [q])
  ], ordinary, 1e-12);
});

test('integers: & | ^ ~ work on bits, also of negative and large ones', () => {
  const whole = makeCells(new Array<number>(400).fill(1), rows => [
    { name: 'm', values: Float64Array.from({ length: rows }, () => Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 53))) },
    { name: 'n', values: Float64Array.from({ length: rows }, () => Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 53))) }
  ]);
  const [m, n] = [call('int', [column('m')]), call('int', [column('n')])];
  expectNumpy([...(['&', '|', '^'] as const).flatMap(operator => [index(binary(m, operator, n), 0), index(binary(m, operator, 255), 0)]), index(unary('~', m), 0)], whole, 0);
});

test('round goes to the even neighbour, and to decimals on either side of the point', () => {
  expectNumpy([0, 1, 2, 5, -1, -2].flatMap(decimals => [
    firstRow(call('round', [a], { decimals })), firstRow(call('round', [binary(a, '*', 25)], { decimals })), call('round', [call('mean', [b])], { decimals })
  ]), ordinary, 0);
});

test('choices per cell: if, and, or, not', () => {
  const [x, y] = [call('mean', [a]), call('mean', [b])];
  expectNumpy([
    choose(compare(x, '>', y), x, unary('-', y)), choose(x, 1, 2), logical(x, 'and', y), logical(x, 'or', y), logical(compare(x, '<', 9), 'and', compare(y, '<', 9)),
    logical(compare(x, '<', 0), 'or', compare(y, '<', 0)), choose(unary('not', x), 5, 6), unary('+', x), binary(unary('-', x), '-', unary('-', 1))
  ], pairs, 2e-15);
  expectNumpy([call('maximum', [x, 2]), call('minimum', [x, y])], ordinary, 1e-12);
});
