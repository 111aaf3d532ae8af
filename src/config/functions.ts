/** Functions that reduce the rows of a cell to one number. `len` and `size` count rows, `count` those whose value is not missing. */
export const REDUCERS = [
  'len', 'count', 'size', 'min', 'max', 'mean', 'average', 'sum', 'prod', 'std', 'var', 'median', 'quantile', 'percentile', 'ptp',
  'argmin', 'argmax', 'any', 'all', 'count_nonzero', 'trapezoid',
  'nanmin', 'nanmax', 'nanmean', 'nansum', 'nanprod', 'nanstd', 'nanvar', 'nanmedian', 'nanquantile', 'nanpercentile', 'nanargmin', 'nanargmax'
] as const;

/** Functions from numbers to numbers, row by row or on one number per cell. */
export const ELEMENTWISE = [
  'abs', 'sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log2', 'log10', 'log1p', 'sin', 'cos', 'tan', 'arcsin', 'arccos', 'arctan', 'arctan2',
  'sinh', 'cosh', 'tanh', 'arcsinh', 'arccosh', 'arctanh', 'exp2', 'degrees', 'radians', 'floor', 'ceil', 'trunc', 'rint', 'round', 'sign', 'square', 'power', 'hypot',
  'minimum', 'maximum', 'fmin', 'fmax', 'fmod', 'isnan', 'isfinite', 'isinf', 'where', 'float', 'int', 'bool'
] as const;

/** Functions that reduce the rows of a cell to several numbers: `histogram` counts rows by bins. */
export const VECTOR_FUNCTIONS = ['histogram'] as const;

export type ReducerName = (typeof REDUCERS)[number];
export type ElementwiseName = (typeof ELEMENTWISE)[number];
export type VectorName = (typeof VECTOR_FUNCTIONS)[number];
/** Canonical name of a function: numpy's, without `np.`. */
export type FunctionName = ReducerName | ElementwiseName | VectorName;

/** numpy's names of the quantile rules that are computed. */
export const QUANTILE_METHODS = ['linear', 'lower', 'higher', 'midpoint', 'nearest'] as const;

/**
 * What a keyword argument takes: a constant number from 0 to 1, from 0 to 100, at least 0 or whole; one number per cell; one of
 * {@link QUANTILE_METHODS}; one value per row, the same rows as the first operand; the edges of bins or their number; the first
 * and the last edge; or a constant truth value.
 */
export type ParamKind = 'fraction' | 'percent' | 'degrees-of-freedom' | 'whole' | 'number' | 'method' | 'rows' | 'bins' | 'range' | 'flag';

/** How a function is called. In a parsed call the operands are `args` and everything else is in `kwargs` under its name here. */
export interface Signature {
  /** Number of operands. */
  readonly operands: number;
  /** Names of the positional arguments after the operands, in numpy's order. `axis` is accepted as None, 0 or -1 and left out. */
  readonly positional: readonly string[];
  readonly params: Readonly<Record<string, ParamKind>>;
  readonly required: readonly string[];
}

const signature = (operands: number, positional: readonly string[] = [], params: Signature['params'] = {}, required: readonly string[] = []): Signature =>
  ({ operands, positional, params, required });
const plain = signature(1, ['axis']);
const spread = signature(1, ['axis'], { ddof: 'degrees-of-freedom' });
const quantile = signature(1, ['q', 'axis'], { q: 'fraction', method: 'method' }, ['q']);
const percentile = signature(1, ['q', 'axis'], { q: 'percent', method: 'method' }, ['q']);

const SPECIAL: Partial<Record<FunctionName, Signature>> = {
  std: spread, var: spread, nanstd: spread, nanvar: spread,
  quantile, nanquantile: quantile, percentile, nanpercentile: percentile,
  average: signature(1, ['axis', 'weights'], { weights: 'rows' }),
  trapezoid: signature(1, ['x', 'dx', 'axis'], { x: 'rows', dx: 'number' }),
  round: signature(1, ['decimals'], { decimals: 'whole' }),
  arctan2: signature(2), power: signature(2), hypot: signature(2), minimum: signature(2), maximum: signature(2), fmin: signature(2), fmax: signature(2), fmod: signature(2),
  where: signature(3),
  histogram: signature(1, ['bins', 'range', 'density', 'weights'], { bins: 'bins', range: 'range', density: 'flag', weights: 'rows' }, ['bins'])
};
const reducers: ReadonlySet<string> = new Set(REDUCERS);
const single = signature(1);

export function isReducer(name: FunctionName): name is ReducerName {
  return reducers.has(name);
}

export function isVector(name: FunctionName): name is VectorName {
  return name === 'histogram';
}

export function signatureOf(name: FunctionName): Signature {
  return SPECIAL[name] ?? (isReducer(name) ? plain : single);
}
