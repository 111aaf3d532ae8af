import { ELEMENTWISE, REDUCERS, type FunctionName } from './functions.js';
import type { ArithmeticOperator, CompareOperator } from './expression.js';
import { nearestName } from './nearest-name.js';

/** What a written function name stands for. */
export type Meaning =
  | { readonly kind: 'function'; readonly name: FunctionName; readonly preset?: Readonly<Record<string, number | string>> }
  | { readonly kind: 'arithmetic'; readonly operator: ArithmeticOperator }
  | { readonly kind: 'compare'; readonly operator: CompareOperator }
  /** Element by element on truth values. */
  | { readonly kind: 'truth'; readonly operator: '&' | '|' | '^' | '~' }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' }
  /** np.clip(x, low, high). */
  | { readonly kind: 'clip' }
  /** Python's own min and max: a reduction of one argument, the least or greatest of several. */
  | { readonly kind: 'least'; readonly name: 'min' | 'max' };

const fn = (name: FunctionName, preset?: Readonly<Record<string, number | string>>): Meaning => ({ kind: 'function', name, ...(preset && { preset }) });
const arithmetic = (operator: ArithmeticOperator): Meaning => ({ kind: 'arithmetic', operator });
const compare = (operator: CompareOperator): Meaning => ({ kind: 'compare', operator });
const truth = (operator: '&' | '|' | '^' | '~'): Meaning => ({ kind: 'truth', operator });

/** Other names of numpy, of its older versions too. */
const NUMPY_ALIASES: Readonly<Record<string, Meaning>> = {
  amin: fn('min'), amax: fn('max'), around: fn('round'), round_: fn('round'), absolute: fn('abs'), fabs: fn('abs'), product: fn('prod'),
  sometrue: fn('any'), alltrue: fn('all'), trapz: fn('trapezoid'), pow: fn('power'), float_power: fn('power'), fix: fn('trunc'),
  acos: fn('arccos'), asin: fn('arcsin'), atan: fn('arctan'), atan2: fn('arctan2'), deg2rad: fn('radians'), rad2deg: fn('degrees'),
  float64: fn('float'), double: fn('float'), int64: fn('int'), bool_: fn('bool'),
  add: arithmetic('+'), subtract: arithmetic('-'), multiply: arithmetic('*'), divide: arithmetic('/'), true_divide: arithmetic('/'),
  floor_divide: arithmetic('//'), mod: arithmetic('%'), remainder: arithmetic('%'),
  bitwise_and: arithmetic('&'), bitwise_or: arithmetic('|'), bitwise_xor: arithmetic('^'),
  less: compare('<'), less_equal: compare('<='), greater: compare('>'), greater_equal: compare('>='), equal: compare('=='), not_equal: compare('!='),
  logical_and: truth('&'), logical_or: truth('|'), logical_xor: truth('^'), logical_not: truth('~'),
  negative: { kind: 'unary', operator: '-' }, positive: { kind: 'unary', operator: '+' }, invert: { kind: 'unary', operator: '~' }, bitwise_not: { kind: 'unary', operator: '~' },
  clip: { kind: 'clip' }
};

const numpy: Readonly<Record<string, Meaning>> = { ...Object.fromEntries([...REDUCERS, ...ELEMENTWISE].map(name => [name, fn(name)])), ...NUMPY_ALIASES };
const pick = (...names: string[]): Record<string, Meaning> => Object.fromEntries(names.map(name => [name, numpy[name]!]));

const builtins: Readonly<Record<string, Meaning>> = {
  ...pick('len', 'sum', 'abs', 'round', 'pow', 'float', 'int', 'bool', 'any', 'all'),
  min: { kind: 'least', name: 'min' }, max: { kind: 'least', name: 'max' }
};
/** Modules by the names they are known under. */
const MODULES: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  np: numpy, numpy, builtins,
  math: {
    ...pick('sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log2', 'log10', 'log1p', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh',
      'degrees', 'radians', 'floor', 'ceil', 'trunc', 'fabs', 'pow', 'hypot', 'isnan', 'isinf', 'isfinite', 'prod'),
    fsum: fn('sum')
  },
  statistics: {
    ...pick('mean', 'median'), fmean: fn('mean'), stdev: fn('std', { ddof: 1 }), pstdev: fn('std'), variance: fn('var', { ddof: 1 }), pvariance: fn('var'),
    median_low: fn('quantile', { q: 0.5, method: 'lower' }), median_high: fn('quantile', { q: 0.5, method: 'higher' })
  }
};

/** Constants of np and math. */
export const CONSTANTS: Readonly<Record<string, number>> = { nan: NaN, NaN: NaN, NAN: NaN, inf: Infinity, Inf: Infinity, infty: Infinity, PINF: Infinity, NINF: -Infinity, pi: Math.PI, e: Math.E, tau: 2 * Math.PI };

export const isModule = (name: string): boolean => Object.hasOwn(MODULES, name);

/**
 * The meaning of a name as it is called: `np.mean`, `math.fsum`, or bare, which is Python's own function where there is one.
 * Undefined: no such function here.
 */
export function meaningOf(name: string): Meaning | undefined {
  const dot = name.lastIndexOf('.');
  if (dot < 0) return own(builtins, name) ?? own(numpy, name);
  const module = own(MODULES, name.slice(0, dot));
  return module && own(module, name.slice(dot + 1));
}

/** Functions as config keys: `min` is numpy's there too. */
export function reducerMeaning(name: string): Meaning | undefined {
  const meaning = meaningOf(name);
  return meaning?.kind === 'least' ? fn(meaning.name) : meaning;
}

/** What to say of a name that is no function, and what to write instead, if anything is near enough to be meant. */
export function explainUnknown(name: string, among: readonly string[] = [...REDUCERS, ...ELEMENTWISE]): { readonly message: string; readonly near: string | undefined } {
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  const prefix = dot > 0 && (name.startsWith('np.') || name.startsWith('numpy.')) ? name.slice(0, dot + 1) : '';
  const near = nearestName(last, [...among, ...Object.keys(NUMPY_ALIASES)]);
  if (dot > 0 && !isModule(name.slice(0, dot))) {
    const any = near ?? nearestName(last, among, 64) ?? 'mean';
    return { message: `${name} is not allowed: functions come from a fixed list of numpy's, nothing is imported; did you mean ${any}?`, near };
  }
  const list = among.slice(0, 14).join(', ');
  return near === undefined
    ? { message: `${name} is no function that magg knows; there are ${list} and more (see docs/config.md)`, near }
    : { message: `${name} is no function that magg knows; did you mean ${prefix}${near}?`, near: `${prefix}${near}` };
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
