import { MaggError } from '../../base/index.js';
import { columnsOf, type OutputVariable } from '../../config/index.js';
import type { OutputValues } from '../cell-rows.js';
import { operandsOf, invalid, type Call } from './arguments.js';
import type { RowGroups } from './frame.js';
import { rowsOf, type Node } from './graph.js';
import { lower, type Lowering } from './lower.js';
import { writeCell } from './output.js';

/** A histogram, ready to count the rows of cells. */
export interface Histogram {
  readonly source: Node;
  readonly weights: Node | undefined;
  readonly isDensity: boolean;
  /** Writes the bins of each cell of the group; cell k of the group is `cells[k]` of the parent. */
  write(variable: OutputVariable, out: OutputValues, x: Float64Array, weights: Float64Array | undefined, groups: RowGroups, cells: Int32Array): void;
}

/** Adds the rows `from` to `to` of x to the bins they fall into; the last bin holds its upper edge too, NaN falls nowhere. */
type Fill = (x: Float64Array, weights: Float64Array | undefined, from: number, to: number, bins: Float64Array) => void;

/** Edges more than this share of a bin away from where equal bins would have them are searched. */
const MOST_UNEVEN = 0.25;

/** The histogram that an expression stands for. */
export function lowerHistogram(call: Call, edges: readonly number[], to: Lowering): Histogram {
  const source = lower(operandsOf(call)[0]!, to);
  if (typeof source.rows === 'string') throw invalid('histogram', 'expected a column or one number per row, found one number per cell');
  const { weights: written, density } = call.kwargs;
  const weights = written && to.graph.overRows(lower(written, to), rowsOf(source));
  if (edges.length < 2 || edges.some((edge, i) => !(i === 0 ? edge === edge : edge > edges[i - 1]!))) throw invalid('histogram', 'expected at least two edges, each above the one before');
  const isDensity = density?.kind === 'boolean' && density.value;
  const fill = isEven(edges) ? fillEven(edges) : fillBySearch(edges);
  const bins = new Float64Array(edges.length - 1);
  return {
    source, weights, isDensity,
    write(variable, out, x, w, { starts, count }, cells) {
      for (let k = 0; k < count; k++) {
        bins.fill(0);
        fill(x, w, starts[k]!, starts[k + 1]!, bins);
        if (isDensity) toDensity(bins, edges);
        writeCell(variable, out, cells[k]!, bins);
      }
    }
  };
}

/** @throws MaggError `expression-invalid` for edges without a histogram and the other way round */
export function histogramOf({ expression, bins, name }: OutputVariable): { readonly call: Call; readonly edges: readonly number[] } | undefined {
  const isCall = expression.kind === 'call' && expression.name === 'histogram';
  if (!isCall && bins === undefined) return undefined;
  if (isCall && bins) return { call: expression, edges: bins };
  throw new MaggError('expression-invalid', `variable "${name}": expected edges of bins with a histogram, and with nothing else; columns ${columnsOf(expression).join(', ')}`);
}

function toDensity(bins: Float64Array, edges: readonly number[]): void {
  let total = 0;
  for (const value of bins) total += value;
  for (let b = 0; b < bins.length; b++) bins[b] = bins[b]! / (edges[b + 1]! - edges[b]!) / total;
}

/** True where the bin that a division gives is at most one off. */
function isEven(edges: readonly number[]): boolean {
  const scale = (edges.length - 1) / (edges.at(-1)! - edges[0]!);
  return scale > 0 && Number.isFinite(scale) && edges.every((edge, i) => Math.abs((edge - edges[0]!) * scale - i) <= MOST_UNEVEN);
}

/** By division, put right by the edges themselves, as numpy does for bins of equal width. */
function fillEven(written: readonly number[]): Fill {
  const edges = Float64Array.from(written);
  const last = edges.length - 2;
  const low = edges[0]!;
  const high = edges[last + 1]!;
  const scale = (last + 1) / (high - low);
  return (x, weights, from, to, bins) => {
    for (let i = from; i < to; i++) {
      const v = x[i]!;
      if (!(v >= low && v <= high)) continue;
      let b = Math.min(((v - low) * scale) | 0, last);
      b -= Number(v < edges[b]!);
      b += Number(v >= edges[b + 1]!) & Number(b < last);
      bins[b] = bins[b]! + (weights === undefined ? 1 : weights[i]!);
    }
  };
}

/** By halving the edges, without a branch. */
function fillBySearch(written: readonly number[]): Fill {
  const edges = Float64Array.from(written);
  const last = edges.length - 2;
  const low = edges[0]!;
  const high = edges[last + 1]!;
  return (x, weights, from, to, bins) => {
    for (let i = from; i < to; i++) {
      const v = x[i]!;
      if (!(v >= low && v <= high)) continue;
      let b = 0;
      for (let size = last + 1; size > 1; ) {
        const half = size >> 1;
        b += Number(v >= edges[b + half]!) * half;
        size -= half;
      }
      bins[b] = bins[b]! + (weights === undefined ? 1 : weights[i]!);
    }
  };
}
