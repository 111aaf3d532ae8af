import { QUANTILE_METHODS, type Expression, type ReducerName } from '../../config/index.js';
import { invalid, operandsOf, type Call } from './arguments.js';
import { rowsOf, type Graph, type Node, type ReductionName } from './graph.js';
import { lower, type Lowering } from './lower.js';
import type { QuantileRule } from './quantile-rule.js';

export function lowerReducer(name: ReducerName, call: Call, to: Lowering): Node {
  const [operand] = operandsOf(call);
  const source = lower(operand!, to);
  if (typeof source.rows === 'string') throw invalid(name, 'expected a column or one number per row, found one number per cell');
  // A nan-variant is the plain function over the rows that are numbers; only positions count all rows.
  if (name === 'nanargmin' || name === 'nanargmax') return to.graph.reduction(name, source, 'integer');
  if (!isNanVariant(name)) return reduce(name, source, call.kwargs, to);
  return reduce(plainName(name), to.graph.take(source, to.graph.select(source, 'not-nan')), call.kwargs, to, true);
}

type Params = Call['kwargs'];
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

function reduce(name: PlainName, source: Node, params: Params, to: Lowering, skipsNaN = false): Node {
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
      return average(source, params.weights, to);
    case 'var':
      return variance(source, params.ddof, to, skipsNaN);
    case 'std':
      return graph.map('sqrt', variance(source, params.ddof, to, skipsNaN));
    case 'median':
      return graph.summary('quantile', source, 'float', { method: 'median', q: 0.5 });
    case 'quantile':
    case 'percentile':
      return quantile(name, source, params, to);
    case 'ptp':
      return graph.map('subtract', graph.summary('max', source, number), graph.summary('min', source, number));
    case 'trapezoid':
      return trapezoid(source, params, to);
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

function trapezoid(y: Node, params: Params, to: Lowering): Node {
  const { graph } = to;
  const { x, dx } = params;
  if (x) return graph.reduction('trapezoid-x', y, 'float', graph.overRows(lower(x, to), rowsOf(y)));
  const unit = graph.reduction('trapezoid', y, 'float');
  return dx ? graph.map('multiply', unit, perCell('dx', lower(dx, to))) : unit;
}

function perCell(name: string, node: Node): Node {
  if (typeof node.rows !== 'string') throw invalid('expression', `expected one number for "${name}", found one per row`);
  return node;
}

function quantile(name: 'quantile' | 'percentile', source: Node, params: Params, to: Lowering): Node {
  const q = probability(name, params.q, to);
  const method = quantileMethod(params.method);
  // With the whole numbers 0 and 1 numpy takes the outermost value; interpolating would make infinity - infinity of it.
  const isWhole = name === 'quantile' && method === 'linear' && Number.isInteger(q);
  return to.graph.summary('quantile', source, 'float', { method: isWhole ? 'nearest' : method, q });
}

function probability(name: 'quantile' | 'percentile', q: Expression | undefined, to: Lowering): number {
  const top = name === 'quantile' ? 1 : 100;
  const node = q && lower(q, to);
  if (node?.kind === 'constant' && node.value >= 0 && node.value <= top) return node.value / top;
  throw invalid(name, `expected q as a number from 0 to ${top}, found ${node?.kind === 'constant' ? node.value : node ? 'a number per cell' : 'none'}`);
}

function quantileMethod(method: Expression | undefined): QuantileRule['method'] {
  if (!method) return 'linear';
  const found = QUANTILE_METHODS.find(known => method.kind === 'text' && method.value === known);
  if (!found) throw invalid('quantile', `expected the method ${QUANTILE_METHODS.join(', ')}, found ${method.kind === 'text' ? method.value : method.kind}`);
  return found;
}
