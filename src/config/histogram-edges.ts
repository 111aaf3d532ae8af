import { linspace, MOST_EDGES } from './composed-calls.js';
import { constantValue } from './constant-value.js';
import type { Expression, Span } from './expression.js';

type Call = Expression & { readonly kind: 'call' };
/** What is wrong with the edges, and where; without a span: with the call as a whole. */
export interface EdgeProblem {
  readonly message: string;
  readonly span: Span | undefined;
}

/** Edges of the bins of a histogram that was bound without a problem. */
export function edgesOf(call: Call): readonly number[] {
  const read = readEdges(call.kwargs.bins, call.kwargs.range);
  return Array.isArray(read) ? (read as readonly number[]) : [];
}

/** Edges by numpy's rules, ascending, at least two; every bin holds its lower edge, the last one its upper edge too. */
export function readEdges(bins: Expression | undefined, range: Expression | undefined): readonly number[] | EdgeProblem {
  if (bins?.kind === 'list') {
    if (range) return { message: 'range has no effect beside edges: leave it out, or write bins as a number', span: range.span };
    return readList(bins);
  }
  const count = bins && constantValue(bins);
  if (count === undefined || bins?.kind === 'boolean') {
    return { message: 'bins: expected the edges, such as [0, 10, 20], or their number beside a range', span: bins?.span };
  }
  if (!Number.isInteger(count) || count < 1 || count > MOST_EDGES - 1) return { message: `bins: expected a whole number from 1 to ${MOST_EDGES - 1}, found ${count}`, span: bins?.span };
  if (!range) return { message: `bins: ${count} bins need a range, the same for all cells: range: [0, 100], or range=(0, 100) in an expression`, span: bins?.span };
  const [low, high] = range.kind === 'list' && range.items.length === 2 ? range.items.map(constantValue) : [];
  if (low === undefined || high === undefined || !(low < high) || !Number.isFinite(high - low)) {
    return { message: 'range: expected two numbers, the first edge and a greater one as the last', span: range.span };
  }
  const edges = linspace(low, high, count + 1) ?? [];
  return edges.every((edge, i) => i === 0 || edge > edges[i - 1]!) ? edges : { message: `bins: ${count} bins are too many for the numbers between ${low} and ${high}: some edges would be equal`, span: bins?.span };
}

function readList(bins: Expression & { readonly kind: 'list' }): readonly number[] | EdgeProblem {
  if (bins.items.length < 2 || bins.items.length > MOST_EDGES) return { message: `bins: expected 2 to ${MOST_EDGES} edges, found ${bins.items.length}`, span: bins.span };
  const edges: number[] = [];
  for (const item of bins.items) {
    const edge = constantValue(item);
    const last = edges.at(-1);
    // The store names the edges in JSON, which has no infinity.
    if (edge === undefined || !Number.isFinite(edge)) return { message: 'bins: expected edges that are finite numbers', span: item.span };
    if (last !== undefined && !(edge > last)) return { message: `bins: expected each edge above the one before, found ${edge} after ${last}`, span: item.span };
    edges.push(edge);
  }
  return edges;
}
