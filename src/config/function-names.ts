import type { ComposedName } from './composed-calls.js';
import { ELEMENTWISE, REDUCERS, VECTOR_FUNCTIONS, type FunctionName } from './functions.js';
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
  | { readonly kind: 'composed'; readonly name: ComposedName }
  /** Python's own min and max: a reduction of one argument, the least or greatest of several. */
  | { readonly kind: 'least'; readonly name: 'min' | 'max' };

const fn = (name: FunctionName, preset?: Readonly<Record<string, number | string>>): Meaning => ({ kind: 'function', name, ...(preset && { preset }) });
const arithmetic = (operator: ArithmeticOperator): Meaning => ({ kind: 'arithmetic', operator });
const compare = (operator: CompareOperator): Meaning => ({ kind: 'compare', operator });
const composed = (name: ComposedName): Meaning => ({ kind: 'composed', name });
const truth = (operator: '&' | '|' | '^' | '~'): Meaning => ({ kind: 'truth', operator });

/** Other names of numpy, of its older versions too. */
const NUMPY_ALIASES: Readonly<Record<string, Meaning>> = {
  amin: fn('min'), amax: fn('max'), around: fn('round'), round_: fn('round'), absolute: fn('abs'), fabs: fn('abs'), product: fn('prod'),
  sometrue: fn('any'), alltrue: fn('all'), trapz: fn('trapezoid'), pow: fn('power'), float_power: fn('power'), fix: fn('trunc'),
  acosh: fn('arccosh'), asinh: fn('arcsinh'), atanh: fn('arctanh'), acos: fn('arccos'), asin: fn('arcsin'), atan: fn('arctan'), atan2: fn('arctan2'), deg2rad: fn('radians'), rad2deg: fn('degrees'),
  float64: fn('float'), double: fn('float'), int64: fn('int'), bool_: fn('bool'),
  add: arithmetic('+'), subtract: arithmetic('-'), multiply: arithmetic('*'), divide: arithmetic('/'), true_divide: arithmetic('/'),
  floor_divide: arithmetic('//'), mod: arithmetic('%'), remainder: arithmetic('%'),
  bitwise_and: arithmetic('&'), bitwise_or: arithmetic('|'), bitwise_xor: arithmetic('^'),
  less: compare('<'), less_equal: compare('<='), greater: compare('>'), greater_equal: compare('>='), equal: compare('=='), not_equal: compare('!='),
  logical_and: truth('&'), logical_or: truth('|'), logical_xor: truth('^'), logical_not: truth('~'),
  negative: { kind: 'unary', operator: '-' }, positive: { kind: 'unary', operator: '+' }, invert: { kind: 'unary', operator: '~' }, bitwise_not: { kind: 'unary', operator: '~' },
  clip: composed('clip'), isin: composed('isin'), in1d: composed('isin'), dot: composed('dot'), inner: composed('dot'), vdot: composed('dot'), nan_to_num: composed('nan_to_num'),
  reciprocal: composed('reciprocal'), diff: composed('diff'), select: composed('select'), linspace: composed('linspace'), arange: composed('arange'),
  asarray: composed('same'), asanyarray: composed('same'), array: composed('same'), ravel: composed('same'), copy: composed('same')
};

const numpy: Readonly<Record<string, Meaning>> = { ...Object.fromEntries([...REDUCERS, ...ELEMENTWISE, ...VECTOR_FUNCTIONS].map(name => [name, fn(name)])), ...NUMPY_ALIASES };
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

/** Functions that are not numpy's though they are called by np. here too, and old names: nothing to point at. */
const NOT_SUGGESTED: ReadonlySet<string> = new Set([
  'len', 'count', 'float', 'int', 'bool', 'round_', 'product', 'sometrue', 'alltrue', 'in1d', 'trapz', 'fix', 'asarray', 'asanyarray', 'array', 'ravel', 'copy', 'vdot', 'inner', 'pow', 'acos', 'asin', 'atan'
]);
/** ndarray's methods, and count. */
export const METHODS: readonly string[] = ['min', 'max', 'mean', 'sum', 'std', 'var', 'prod', 'ptp', 'argmin', 'argmax', 'any', 'all', 'clip', 'round', 'dot', 'astype', 'count', 'copy', 'ravel', 'flatten', 'item'];

/** What people write that is not there, and what does the same. */
const REMEDIES: Readonly<Record<string, string>> = {
  cov: 'write np.mean((a - a.mean()) * (b - b.mean()))', corrcoef: 'write np.mean((a - a.mean()) * (b - b.mean())) / (a.std() * b.std())',
  sort: 'write np.min, np.max, or np.quantile with method="lower" for a value by its rank', sorted: 'write np.min, np.max, or np.quantile with method="lower" for a value by its rank',
  argsort: 'write np.argmin or np.argmax', cumsum: 'write np.sum', cumprod: 'write np.prod', polyfit: 'a slope is np.sum((x - x.mean()) * (y - y.mean())) / np.sum((x - x.mean())**2)',
  gradient: 'write np.diff', digitize: 'write np.histogram with fixed edges', bincount: 'write np.histogram with fixed edges', histogram2d: 'write np.histogram with fixed edges for one column',
  nanptp: 'write np.nanmax(x) - np.nanmin(x)', isclose: 'write np.abs(a - b) < 1e-8', allclose: 'write np.all(np.abs(a - b) < 1e-8)', matmul: 'write np.dot', nonzero: 'write np.count_nonzero, or a mask as in h_li[s_li < 1]', flatnonzero: 'write np.count_nonzero, or a mask as in h_li[s_li < 1]'
};

/**
 * What to say of a name that is no function, and what to write instead, if anything is near enough to be meant: a name that is
 * valid where this one stands.
 */
export function explainUnknown(name: string, among?: readonly string[]): { readonly message: string; readonly near: string | undefined } {
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  const module = name.slice(0, Math.max(dot, 0));
  const names = among ?? Object.keys(own(MODULES, module) ?? { ...builtins, ...numpy }).filter(known => module === '' || module === 'builtins' ? !NOT_SUGGESTED.has(known) || Object.hasOwn(builtins, known) : !NOT_SUGGESTED.has(known));
  const prefix = dot > 0 && isModule(module) ? name.slice(0, dot + 1) : '';
  const near = nearestName(last, names);
  if (dot > 0 && !isModule(module)) {
    const any = near ?? nearestName(last, names, 64) ?? 'mean';
    return { message: `${name} is not allowed: functions come from a fixed list of numpy's, nothing is imported; did you mean ${any}?`, near };
  }
  const remedy = own(REMEDIES, last);
  if (remedy !== undefined) return { message: `${name} is no function that magg knows: ${remedy}`, near: undefined };
  const list = names.slice(0, 14).join(', ');
  return near === undefined
    ? { message: `${name} is no function that magg knows; there are ${list} and more (see docs/config.md)`, near }
    : { message: `${name} is no function that magg knows; did you mean ${prefix}${near}?`, near: `${prefix}${near}` };
}

const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
