import * as kernels from './map-kernels.js';
import { map1, map2, type Map1, type Map2, type Map3 } from './map-kernels.js';
import { bits, floorDivide, floorModulo, invertBits, power, rint, roundTo } from './number-rules.js';
import { joinTypes, type ValueType } from './value-type.js';

/** Type of the result: fixed, or 'join': numpy's common type of the operands. */
type TypeRule = ValueType | 'join' | 'join-branches';

interface Map1Entry { readonly arity: 1; readonly type: TypeRule; readonly kernel: Map1 }
interface Map2Entry { readonly arity: 2; readonly type: TypeRule; readonly kernel: Map2 }
interface Map3Entry { readonly arity: 3; readonly type: TypeRule; readonly kernel: Map3 }
export type MapEntry = Map1Entry | Map2Entry | Map3Entry;

const one = (kernel: Map1, type: TypeRule = 'float'): Map1Entry => ({ arity: 1, type, kernel });
const two = (kernel: Map2, type: TypeRule = 'float'): Map2Entry => ({ arity: 2, type, kernel });
const DEGREE = Math.PI / 180;

/** Everything that works element by element, by numpy's name where numpy has one. */
const entries = {
  negative: one(kernels.negative, 'join'),
  abs: one(kernels.absolute, 'join'),
  square: one(kernels.square, 'join'),
  sqrt: one(kernels.squareRoot),
  not: one(kernels.not, 'boolean'),
  invert: one(map1(invertBits), 'integer'),
  isnan: one(kernels.isNaNs, 'boolean'),
  isfinite: one(kernels.isFinites, 'boolean'),
  isinf: one(map1(x => (x === Infinity || x === -Infinity ? 1 : 0)), 'boolean'),
  bool: one(kernels.isNonzero, 'boolean'),
  /** Truth of a filter: NaN, which is true to Python, keeps no row. */
  isTrue: one(kernels.isTrue, 'boolean'),
  float: one(map1(x => x)),
  int: one(map1(Math.trunc), 'integer'),
  cbrt: one(map1(Math.cbrt)),
  exp: one(map1(Math.exp)),
  expm1: one(map1(Math.expm1)),
  log: one(map1(Math.log)),
  log2: one(map1(Math.log2)),
  log10: one(map1(Math.log10)),
  log1p: one(map1(Math.log1p)),
  sin: one(map1(Math.sin)),
  cos: one(map1(Math.cos)),
  tan: one(map1(Math.tan)),
  arcsin: one(map1(Math.asin)),
  arccos: one(map1(Math.acos)),
  arctan: one(map1(Math.atan)),
  sinh: one(map1(Math.sinh)),
  cosh: one(map1(Math.cosh)),
  tanh: one(map1(Math.tanh)),
  arcsinh: one(map1(Math.asinh)),
  arccosh: one(map1(Math.acosh)),
  arctanh: one(map1(Math.atanh)),
  exp2: one(map1(x => 2 ** x)),
  degrees: one(map1(x => x / DEGREE)),
  radians: one(map1(x => x * DEGREE)),
  floor: one(map1(Math.floor), 'join'),
  ceil: one(map1(Math.ceil), 'join'),
  trunc: one(map1(Math.trunc), 'join'),
  rint: one(map1(rint)),
  sign: one(map1(Math.sign), 'join'),
  add: two(kernels.add, 'join'),
  subtract: two(kernels.subtract, 'join'),
  multiply: two(kernels.multiply, 'join'),
  divide: two(kernels.divide),
  /** As divide, but a denominator of zero gives NaN: numpy's average has no result then. */
  divideOrNaN: two(map2((a, b) => (b === 0 ? NaN : a / b))),
  floorDivide: two(map2(floorDivide), 'join'),
  modulo: two(map2(floorModulo), 'join'),
  power: two(map2(power), 'join'),
  bitAnd: two(map2((a, b) => bits(a, b, '&')), 'integer'),
  bitOr: two(map2((a, b) => bits(a, b, '|')), 'integer'),
  bitXor: two(map2((a, b) => bits(a, b, '^')), 'integer'),
  less: two(kernels.less, 'boolean'),
  lessEqual: two(kernels.lessEqual, 'boolean'),
  equal: two(kernels.equal, 'boolean'),
  notEqual: two(kernels.notEqual, 'boolean'),
  and: two(kernels.and, 'boolean'),
  or: two(kernels.or, 'boolean'),
  round: two(map2(roundTo), 'join'),
  arctan2: two(map2(Math.atan2)),
  hypot: two(map2(Math.hypot)),
  minimum: two(map2(Math.min), 'join'),
  maximum: two(map2(Math.max), 'join'),
  /** The other number where one is NaN. */
  fmin: two(map2((a, b) => (a !== a ? b : b !== b ? a : Math.min(a, b))), 'join'),
  fmax: two(map2((a, b) => (a !== a ? b : b !== b ? a : Math.max(a, b))), 'join'),
  fmod: two(map2((a, b) => a % b), 'join'),
  where: { arity: 3, type: 'join-branches', kernel: kernels.where }
} as const satisfies Record<string, MapEntry>;

export type MapName = keyof typeof entries;
export const MAPS: Readonly<Record<MapName, MapEntry>> = entries;

/** Type of a map's result from its operands. */
export function mapType(map: MapName, args: readonly { readonly type: ValueType }[]): ValueType {
  const { type } = MAPS[map];
  if (type !== 'join' && type !== 'join-branches') return type;
  const joined = type === 'join' ? args : args.slice(1);
  return joined.map(arg => arg.type).reduce(joinTypes);
}

/** The map of constants. */
export function foldMap(map: MapName, args: readonly number[]): number {
  const out = new Float64Array(1);
  const [a, b, c] = args.map(value => Float64Array.of(value));
  runMap(MAPS[map], out, [a!, b ?? a!, c ?? a!], [0, 0, 0], 1);
  return out[0]!;
}

/** Runs a map over n elements; `masks` as {@link Map2} explains. */
export function runMap(entry: MapEntry, out: Float64Array, args: readonly Float64Array[], masks: readonly number[], n: number): void {
  switch (entry.arity) {
    case 1:
      entry.kernel(out, args[0]!, n);
      return;
    case 2:
      entry.kernel(out, args[0]!, masks[0]!, args[1]!, masks[1]!, n);
      return;
    case 3:
      entry.kernel(out, args[0]!, masks[0]!, args[1]!, masks[1]!, args[2]!, masks[2]!, n);
  }
}
