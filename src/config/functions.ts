/** Functions that reduce the rows of a cell to one number. `len` and `size` count rows, `count` the same rows under its own name. */
export const REDUCERS = [
  'len', 'count', 'size', 'min', 'max', 'mean', 'average', 'sum', 'prod', 'std', 'var', 'median', 'quantile', 'percentile', 'ptp',
  'argmin', 'argmax', 'any', 'all', 'count_nonzero', 'trapezoid',
  'nanmin', 'nanmax', 'nanmean', 'nansum', 'nanprod', 'nanstd', 'nanvar', 'nanmedian', 'nanquantile', 'nanpercentile', 'nanargmin', 'nanargmax'
] as const;

/** Functions from numbers to numbers, row by row or on one number per cell. */
export const ELEMENTWISE = [
  'abs', 'sqrt', 'cbrt', 'exp', 'expm1', 'log', 'log2', 'log10', 'log1p', 'sin', 'cos', 'tan', 'arcsin', 'arccos', 'arctan', 'arctan2',
  'sinh', 'cosh', 'tanh', 'degrees', 'radians', 'floor', 'ceil', 'trunc', 'rint', 'round', 'sign', 'square', 'power', 'hypot',
  'minimum', 'maximum', 'isnan', 'isfinite', 'isinf', 'where', 'float', 'int', 'bool'
] as const;

export type ReducerName = (typeof REDUCERS)[number];
export type ElementwiseName = (typeof ELEMENTWISE)[number];
/** Canonical name of a function: numpy's, without `np.`. */
export type FunctionName = ReducerName | ElementwiseName;
