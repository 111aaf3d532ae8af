import { isReducer, partsOf, type Expression, type OutputVariable } from '../config/index.js';

/**
 * How the values of four (or more) cells become the value of the cell above them.
 * - `sum`, `min`, `max`, `any`, `all`, `prod`: exact, what the rows themselves would give, but for the rounding of stored values.
 * - `weighted-mean`: by the numbers of rows in `weight`, a variable of the same store; as near to exact as the stored means are.
 * - `mean`: approximate, the mean of the cells that have a value.
 * - `none`: nothing that would be right.
 */
export type OverviewRule =
  | { readonly kind: 'sum' | 'min' | 'max' | 'any' | 'all' | 'prod' | 'mean' | 'none'; /** Of the functions that leave NaN out. */ readonly skipsNaN?: true }
  | { readonly kind: 'weighted-mean'; readonly weight: string; readonly skipsNaN?: undefined };

/** What a reader may trust a coarser value to be. */
export type OverviewTrust = 'exact' | 'approximate' | 'not-composable';

type Call = Expression & { readonly kind: 'call' };

export function trustIn({ kind }: OverviewRule): OverviewTrust {
  if (kind === 'none') return 'not-composable';
  return kind === 'mean' || kind === 'weighted-mean' ? 'approximate' : 'exact';
}

/**
 * The rule of one variable of a pipeline. Spreads, quantiles and positions of rows do not follow from those of the parts, and
 * what is computed with such a number, as in `sum(h - mean(h))`, does not either.
 *
 * @param variables all variables of the pipeline, among which a count may be found
 */
export function overviewRule({ expression, bins }: OutputVariable, variables: readonly OutputVariable[]): OverviewRule {
  if (expression.kind !== 'call' || !partsOf(expression).every(isOfRows)) return { kind: 'none' };
  switch (expression.name) {
    case 'histogram':
      return { kind: bins && !isTrue(expression.kwargs.density) ? 'sum' : 'none' };
    case 'len':
    case 'count':
    case 'size':
    case 'sum':
    case 'nansum':
    case 'count_nonzero':
      return { kind: 'sum' };
    case 'min':
    case 'max':
    case 'nanmin':
    case 'nanmax': {
      const { name } = expression;
      // Where a mask leaves no row there is NaN too, which is nothing to the coarser cell.
      if (hasMask(expression)) return { kind: 'none' };
      const kind = name === 'min' || name === 'nanmin' ? 'min' : 'max';
      return name === kind ? { kind } : { kind, skipsNaN: true };
    }
    case 'any':
    case 'all':
      return { kind: expression.name };
    case 'prod':
    case 'nanprod':
      return { kind: 'prod' };
    case 'mean':
      return meanRule(expression, variables);
    case 'average':
      // Its weights are not in the store.
      return { kind: 'mean' };
    case 'nanmean':
      // How many rows are NaN is not in the store.
      return { kind: 'mean', skipsNaN: true };
    default:
      return { kind: 'none' };
  }
}

/** True where each row counts as it would in any other cell: masks may choose rows, their places may not. */
function isOfRows(node: Expression): boolean {
  if (node.kind === 'slice' || (node.kind === 'call' && isReducer(node.name)) || (node.kind === 'index' && node.index.kind === 'number')) return false;
  return partsOf(node).every(isOfRows);
}

const hasMask = (node: Expression): boolean => node.kind === 'index' || partsOf(node).some(hasMask);

/** The count must be that of the rows that the mean has; `len` counts rows without a value too. */
function meanRule(expression: Call, variables: readonly OutputVariable[]): OverviewRule {
  if (hasMask(expression)) return { kind: 'mean', skipsNaN: true };
  const own = textOf(expression.args[0]!);
  const counting = (names: readonly string[]): OverviewVariable | undefined =>
    variables.find((other): other is OverviewVariable => other.expression.kind === 'call' && names.includes(other.expression.name) && textOf(other.expression.args[0]!) === own);
  const count = counting(['count', 'size']) ?? counting(['len']);
  return count ? { kind: 'weighted-mean', weight: count.name } : { kind: 'mean' };
}
type OverviewVariable = OutputVariable & { readonly expression: Call };

const isTrue = (flag: Expression | undefined): boolean => flag?.kind === 'boolean' && flag.value;
const textOf = (node: Expression): string => JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));

/**
 * The value of a coarser cell from those of the cells in it.
 *
 * @param values of the cells in the coarser one that have a row which counts for the variable; NaN among them is a value
 * @param weights of a weighted mean: a number of rows per value; a weight that is not above 0 leaves its value out
 * @param fill what cells without such a row hold: 0 for counts
 */
export function foldOverview(rule: OverviewRule, values: Float64Array, weights: Float64Array | undefined, fill: number): number {
  const { kind } = rule;
  if (kind === 'none' || values.length === 0) return fill;
  let result = START[kind];
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (rule.skipsNaN && value !== value) continue;
    const weight = kind === 'weighted-mean' ? (weights?.[i] ?? 0) : 1;
    if (!(weight > 0)) continue;
    total += weight;
    switch (kind) {
      case 'sum':
      case 'mean':
      case 'weighted-mean':
        result += weight * value;
        break;
      case 'prod':
        result *= value;
        break;
      case 'min':
        result = Math.min(result, value);
        break;
      case 'max':
        result = Math.max(result, value);
        break;
      case 'any':
        result = value !== 0 ? 1 : result;
        break;
      case 'all':
        result = value === 0 ? 0 : result;
        break;
    }
  }
  // All of them NaN, as nanmin has it.
  if (total === 0) return kind === 'weighted-mean' ? fill : NaN;
  return kind === 'mean' || kind === 'weighted-mean' ? result / total : result;
}

const START: Readonly<Record<Exclude<OverviewRule['kind'], 'none'>, number>> = { sum: 0, prod: 1, min: Infinity, max: -Infinity, any: 0, all: 1, mean: 0, 'weighted-mean': 0 };
