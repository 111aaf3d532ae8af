import type { Expression } from '../../../src/config/index.js';
import { randomFrom } from '../../random.js';
import { binary, call, choose, column, compare, index, unary } from './build.js';
import { makeCells } from './cells.js';
import { evaluate, expectNumpy } from './judged.js';

/** Random trees of moderate numbers, which stay clear of the cancellation that makes any two orders of a sum differ. */
function trees(random: () => number): { readonly cell: (depth: number) => Expression } {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const masks: Expression[] = [];
  // numpy refuses to subtract booleans.
  const plain = (source: Expression): Expression => call('float', [source]);
  const number = (): number => Math.round(random() * 40) / 8 + 0.5;
  const boolean = (depth: number, rows: (depth: number) => Expression): Expression =>
    random() < 0.3 && depth > 0
      ? binary(boolean(depth - 1, rows), pick(['&', '|', '^']), unary('~', boolean(depth - 1, rows)))
      : compare(rows(depth - 1), pick(['<', '<=', '>', '>=', '==', '!=']), random() < 0.5 ? number() : rows(depth - 1));
  const row = (depth: number): Expression => {
    if (depth <= 0 || random() < 0.15) return column(pick(['h', 's', 'g']));
    switch (pick(['binary', 'binary', 'binary', 'map', 'map2', 'where', 'cell', 'mask'])) {
      case 'binary':
        return binary(plain(row(depth - 1)), pick(['+', '-', '*', '/', '//', '%']), random() < 0.4 ? number() : row(depth - 1));
      case 'map':
        return call(pick(['abs', 'sqrt', 'floor', 'arctan', 'tanh', 'sign', 'rint', 'square', 'isnan', 'cbrt', 'float']), [row(depth - 1)]);
      case 'map2':
        return call(pick(['minimum', 'maximum', 'hypot', 'arctan2']), [row(depth - 1), row(depth - 1)]);
      case 'where':
        return call('where', [boolean(depth - 1, row), row(depth - 1), row(depth - 1)]);
      case 'cell':
        return binary(plain(row(depth - 1)), pick(['+', '-', '*']), cell(depth - 1));
      default:
        return binary(boolean(depth - 1, row), '*', row(depth - 1));
    }
  };
  const rows = (depth: number): Expression => {
    const source = row(depth);
    if (random() < 0.6) return source;
    if (masks.length < 4) masks.push(boolean(1, row));
    return index(source, pick(masks));
  };
  const cell = (depth: number): Expression => {
    if (random() < 0.25 && depth > 1) return binary(plain(cell(depth - 1)), pick(['+', '-', '*', '/']), cell(depth - 1));
    if (random() < 0.1 && depth > 1) return choose(compare(cell(depth - 1), '<', number()), cell(depth - 1), cell(depth - 1));
    const name = pick(['min', 'max', 'mean', 'sum', 'median', 'nanmean', 'nanmax', 'count_nonzero', 'argmin', 'argmax', 'any', 'all', 'size', 'std', 'ptp', 'quantile'] as const);
    if (name === 'quantile') return call(name, [plain(rows(depth - 1))], { q: random() });
    return call(name, [name === 'ptp' || name === 'median' ? plain(rows(depth - 1)) : rows(depth - 1)]);
  };
  return { cell };
}

test.each([1, 2, 3, 4])('random expressions are numpy\'s, seed %s', seed => {
  const random = randomFrom(seed);
  const cells = makeCells([0, 1, 2, 5, 60, 0, 131, 17], rows => [
    { name: 'h', values: Float32Array.from({ length: rows }, () => 1 + 8 * random()) },
    { name: 's', values: Float64Array.from({ length: rows }, () => 0.5 + random()) },
    { name: 'g', values: Float64Array.from({ length: rows }, () => (random() < 0.02 ? NaN : Math.floor(9 * random()))) }
  ]);
  const { cell } = trees(random);
  const expressions = Array.from({ length: 150 }, () => cell(4));
  expectNumpy(expressions, cells, 1e-9, 1);
  const values = evaluate(expressions, cells).flatMap(column => Array.from(column));
  expect(values.filter(Number.isFinite).length).toBeGreaterThan(0.4 * values.length);
});
