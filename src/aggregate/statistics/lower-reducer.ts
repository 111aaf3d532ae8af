import type { Expression, ReducerName } from '../../config/index.js';
import { bindArguments, invalid, type Call } from './arguments.js';
import { rowsOf, type Graph, type Node, type ReductionName } from './graph.js';
import { lower, type Lowering } from './lower.js';
import { QUANTILE_METHODS, type QuantileMethod } from './quantile-rule.js';

type Bound = ReadonlyMap<string, Expression>;

/** Positional and keyword arguments after the column; numpy's order. */
const SIGNATURES: Partial<Readonly<Record<ReducerName, readonly [positional: readonly string[], keywords: readonly string[]]>>> = {
  len: [['a'], []],
  average: [['a', 'axis', 'weights'], []],
  var: [['a', 'axis'], ['ddof', 'where']],
  std: [['a', 'axis'], ['ddof', 'where']],
  nanvar: [['a', 'axis'], ['ddof', 'where']],
  nanstd: [['a', 'axis'], ['ddof', 'where']],
  quantile: [['a', 'q', 'axis'], ['method', 'interpolation']],
  percentile: [['a', 'q', 'axis'], ['method', 'interpolation']],
  nanquantile: [['a', 'q', 'axis'], ['method', 'interpolation']],
  nanpercentile: [['a', 'q', 'axis'], ['method', 'interpolation']],
  trapezoid: [['y', 'x', 'dx', 'axis'], []]
};

export function lowerReducer(name: ReducerName, call: Call, to: Lowering): Node {
  if (name === 'min' || name === 'max') {
    const chosen = lowerChoice(name, call, to);
    if (chosen) return chosen;
  }
  const [positional, keywords] = SIGNATURES[name] ?? [['a', 'axis'], ['where']];
  const bound = bindArguments(call, positional, keywords);
  checkAxis(name, bound, to);
  const source = target(name, bound, to);
  // A nan-variant is the plain function over the rows that are numbers; only positions count all rows.
  if (name === 'nanargmin' || name === 'nanargmax') return to.graph.reduction(name, source, 'integer');
  if (!isNanVariant(name)) return reduce(name, source, bound, to);
  return reduce(plainName(name), to.graph.take(source, to.graph.select(source, 'not-nan')), bound, to, true);
}

type NanName = Extract<ReducerName, `nan${string}`>;
type PlainName = Exclude<ReducerName, NanName>;

function isNanVariant(name: ReducerName): name is NanName {
  return name.startsWith('nan');
}

function plainName(name: Exclude<NanName, 'nanargmin' | 'nanargmax'>): PlainName {
  switch (name) {
    case 'nanmin':
      return 'min';
    case 'nanmax':
      return 'max';
    case 'nanmean':
      return 'mean';
    case 'nansum':
      return 'sum';
    case 'nanprod':
      return 'prod';
    case 'nanstd':
      return 'std';
    case 'nanvar':
      return 'var';
    case 'nanmedian':
      return 'median';
    case 'nanquantile':
      return 'quantile';
    case 'nanpercentile':
      return 'percentile';
  }
}

function reduce(name: PlainName, source: Node, bound: Bound, to: Lowering, skipsNaN = false): Node {
  const { graph } = to;
  const number = source.type === 'boolean' ? 'integer' : source.type;
  switch (name) {
    case 'len':
    case 'count':
    case 'size':
      return graph.size(rowsOf(source));
    case 'min':
    case 'max':
      return graph.summary(name, source, source.type);
    case 'sum':
      return graph.summary('sum', source, number);
    case 'mean':
      return mean(source, graph);
    case 'average':
      return average(source, bound.get('weights'), to);
    case 'var':
      return variance(source, bound.get('ddof'), to, skipsNaN);
    case 'std':
      return graph.map('sqrt', variance(source, bound.get('ddof'), to, skipsNaN));
    case 'median':
      return graph.summary('quantile', source, 'float', { method: 'median', q: 0.5 });
    case 'quantile':
    case 'percentile':
      return quantile(name, source, bound, to);
    case 'ptp':
      return graph.map('subtract', graph.summary('max', source, number), graph.summary('min', source, number));
    case 'trapezoid':
      return trapezoid(source, bound, to);
    case 'prod':
    case 'argmin':
    case 'argmax':
    case 'count_nonzero':
    case 'any':
    case 'all':
      return graph.reduction(name, source, reductionType(name, number));
  }
}

function reductionType(name: ReductionName, source: Node['type']): Node['type'] {
  if (name === 'prod') return source;
  return name === 'any' || name === 'all' ? 'boolean' : 'integer';
}

function mean(source: Node, graph: Graph): Node {
  return graph.map('divide', graph.summary('sum', source, 'float'), graph.size(rowsOf(source)));
}

function average(source: Node, weights: Expression | undefined, to: Lowering): Node {
  const { graph } = to;
  if (!weights) return mean(source, graph);
  const w = graph.overRows(lower(weights, to), rowsOf(source));
  return graph.map('divideOrNaN', graph.reduction('dot', source, 'float', w), graph.summary('sum', w, 'float'));
}

/** numpy divides by n - ddof, by zero where that is negative; its nan-variants have no result then. */
function variance(source: Node, ddof: Expression | undefined, to: Lowering, skipsNaN: boolean): Node {
  const { graph } = to;
  const size = graph.size(rowsOf(source));
  const free = ddof ? graph.map('maximum', graph.map('subtract', size, perCell('ddof', lower(ddof, to))), graph.constant(0, 'integer')) : size;
  return graph.map(skipsNaN ? 'divideOrNaN' : 'divide', graph.summary('squares', source, 'float'), free);
}

function trapezoid(y: Node, bound: Bound, to: Lowering): Node {
  const { graph } = to;
  const x = bound.get('x');
  const dx = bound.get('dx');
  if (x) return graph.reduction('trapezoid-x', y, 'float', graph.overRows(lower(x, to), rowsOf(y)));
  const unit = graph.reduction('trapezoid', y, 'float');
  return dx ? graph.map('multiply', unit, perCell('dx', lower(dx, to))) : unit;
}

/** Python's min and max of several numbers; undefined for numpy's, which take a column. */
function lowerChoice(name: 'min' | 'max', call: Call, to: Lowering): Node | undefined {
  const [first] = call.args;
  const items = first?.kind === 'list' ? first.items : call.args;
  if (items.length < 2) return undefined;
  const nodes = items.map(item => lower(item, to));
  if (typeof nodes[0]!.rows !== 'string') return undefined;
  return nodes.reduce((a, b) => to.graph.map(name === 'min' ? 'minimum' : 'maximum', a, b));
}

function target(name: ReducerName, bound: Bound, to: Lowering): Node {
  const argument = bound.get('a') ?? bound.get('y');
  if (!argument) throw invalid(name, 'expected a column, found nothing: name one as source or as first argument');
  const source = lower(argument, to);
  if (typeof source.rows === 'string') throw invalid(name, 'expected a column or one number per row, found one number per cell');
  const mask = bound.get('where');
  return mask ? to.graph.take(source, to.graph.select(to.graph.overRows(lower(mask, to), rowsOf(source)), 'true')) : source;
}

function checkAxis(name: ReducerName, bound: Bound, to: Lowering): void {
  const axis = bound.get('axis');
  if (!axis) return;
  const node = lower(axis, to);
  if (node.kind !== 'constant' || (node.value !== 0 && node.value !== -1)) throw invalid(name, 'a column has only the axis 0: remove "axis"');
}

function perCell(name: string, node: Node): Node {
  if (typeof node.rows !== 'string') throw invalid('expression', `expected one number for "${name}", found one per row`);
  return node;
}

function quantile(name: 'quantile' | 'percentile', source: Node, bound: Bound, to: Lowering): Node {
  const q = probability(name, bound.get('q'), to);
  const method = quantileMethod(bound.get('method') ?? bound.get('interpolation'));
  // With the whole numbers 0 and 1 numpy takes the outermost value; interpolating would make infinity - infinity of it.
  const isWhole = name === 'quantile' && method === 'linear' && Number.isInteger(q);
  return to.graph.summary('quantile', source, 'float', { method: isWhole ? 'nearest' : method, q });
}

function probability(name: 'quantile' | 'percentile', q: Expression | undefined, to: Lowering): number {
  const [top, example] = name === 'quantile' ? [1, '0.5'] : [100, '50'];
  if (!q) throw invalid(name, `the argument "q" is missing: add for example q: ${example}`);
  const only = q.kind === 'list' && q.items.length === 1 ? q.items[0]! : q;
  const node = only.kind === 'list' ? undefined : lower(only, to);
  if (node?.kind !== 'constant' || !(node.value >= 0 && node.value <= top)) {
    throw invalid(name, `expected q as one number from 0 to ${top}, found ${node?.kind === 'constant' ? node.value : only.kind === 'list' ? 'a list: write a variable for each' : 'a computed value'}`);
  }
  return node.value / top;
}

function quantileMethod(method: Expression | undefined): QuantileMethod {
  if (!method) return 'linear';
  const found = QUANTILE_METHODS.find(known => method.kind === 'text' && method.value === known);
  if (!found) throw invalid('quantile', `expected the method ${QUANTILE_METHODS.join(', ')}, found ${method.kind === 'text' ? method.value : method.kind}`);
  return found;
}
