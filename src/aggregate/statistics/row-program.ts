import { MaggError } from '../../base/index.js';
import { columnsOf, type Expression } from '../../config/index.js';
import type { ColumnValues } from '../cell-rows.js';
import type { RowGroups } from './frame.js';
import { Graph, type Node } from './graph.js';
import { lower } from './lower.js';
import type { Memory } from './memory.js';
import { assignBuffers, schedule } from './schedule.js';
import { NO_BYTES, NO_FLOATS, NO_INTEGERS, roomyBytes, roomyFloats } from './scratch.js';

/** Rows computed at a time: few enough that what lies between two steps stays in the cache. */
const BLOCK_ROWS = 4096;

/** Rows whose memory is kept in any case. */
const MOST_KEPT = 2 ** 21;

/** An expression that is computed row by row. */
export interface RowExpression {
  /** Of a let column, which later expressions use under this name; undefined: a filter. */
  readonly name: string | undefined;
  readonly expression: Expression;
}

/** Rows of one piece of a granule; arrays at least `count` long. */
export interface RowColumns {
  readonly count: number;
  /** In the order given to {@link compileRows}. Columns that are not in `used` are not looked at. */
  readonly columns: readonly ColumnValues[];
  /** Per column, 1 where the value is missing; undefined: nowhere. */
  readonly missing: readonly (Uint8Array | undefined)[];
}

/** One array per expression, in their order, at least as long as the rows; valid until the next call, never to be written to. */
export interface RowValues {
  /** Of a filter 1 where it is true (not 0, not NaN), else 0. Any number where the value is missing. */
  readonly values: readonly Float64Array[];
  /** 1 where a column that the expression uses, directly or through an earlier one, is missing; undefined: nowhere. */
  readonly missing: readonly (Uint8Array | undefined)[];
}

/** Expressions computed row by row: let columns and filters. Reuses its memory: one piece at a time. */
export interface RowProgram {
  /** Columns that are needed, by position in the columns given, ascending. */
  readonly used: readonly number[];
  /** Values of each expression for rows 0 to `count`, columns widened to float64 before anything is computed. */
  evaluate(rows: RowColumns): RowValues;
}

interface Compiled {
  readonly root: Node;
  /** Columns it uses, directly or through earlier expressions, ascending. */
  readonly columns: readonly number[];
}

/**
 * Compiles expressions over rows to steps over typed arrays; what they have in common is computed once. numpy's rules hold,
 * and Python's for `and`, `or`, `not` and `if else`, each row by itself.
 *
 * @param columns names of the columns, in the order in which {@link RowColumns} brings them
 * @throws MaggError `expression-invalid` for an unknown column, a reduction, a selection of rows, and the like
 */
export function compileRows(expressions: readonly RowExpression[], columns: readonly string[]): RowProgram {
  const compiled = compile(expressions, columns);
  const roots = compiled.map(({ root }) => root);
  const { order, steps } = schedule(roots);
  const kept = new Set(roots);
  const places = assignBuffers(steps, kept).filter(({ id }) => roots.every(root => root.id !== id));
  const sources = order.flatMap(node => (node.kind === 'column' ? [{ id: node.id, column: node.column, widened: NO_FLOATS }] : []));
  const buffers: Float64Array[] = [];
  const block: RowGroups & { rows: number } = { count: 0, starts: NO_INTEGERS, rows: 0 };
  const memory: Memory = { values: [], groups: [block], picks: [], longest: 0 };
  for (const node of order) if (node.kind === 'constant') memory.values[node.id] = Float64Array.of(node.value);
  for (const { id, buffer } of places) memory.values[id] = buffers[buffer] ??= new Float64Array(BLOCK_ROWS);
  const results = new Map([...kept].map(root => [root, NO_FLOATS]));
  const masks = compiled.map(() => NO_BYTES);
  return {
    used: [...new Set(compiled.flatMap(({ columns: own }) => own))].sort((a, b) => a - b),
    evaluate({ count, columns: values, missing }) {
      for (const root of kept) results.set(root, roomyFloats(unlessHuge(results.get(root)!, count), count));
      for (let from = 0; from < count; from += BLOCK_ROWS) {
        const to = Math.min(from + BLOCK_ROWS, count);
        block.rows = to - from;
        for (const source of sources) memory.values[source.id] = inBlock(values[source.column]!, from, to, source);
        for (const [root, result] of results) if (root.kind === 'map') memory.values[root.id] = result.subarray(from, to);
        for (const step of steps) step.run(memory);
        for (const [root, result] of results) {
          if (root.kind === 'column') result.set(memory.values[root.id]!.subarray(0, to - from), from);
          else if (root.kind === 'constant') result.fill(root.value, from, to);
        }
      }
      return {
        values: roots.map(root => results.get(root)!),
        missing: compiled.map(({ columns: own }, e) => {
          const found = own.flatMap(column => missing[column] ?? []);
          return found.length < 2 ? found[0] : anyOf(found, count, (masks[e] = roomyBytes(masks[e]!, count)));
        })
      };
    }
  };
}

function compile(expressions: readonly RowExpression[], columns: readonly string[]): readonly Compiled[] {
  const lowering = { graph: new Graph(), columns: new Map(columns.map((name, i) => [name, i])), lets: new Map<string, Node>() };
  const usedBy = new Map(columns.map((name, i): [string, readonly number[]] => [name, [i]]));
  return expressions.map(({ name, expression }): Compiled => {
    const what = name === undefined ? 'filter' : `column "${name}"`;
    const node = lowered(what, () => lower(expression, lowering));
    // A mean within it would be that of a block.
    if (schedule([node]).order.some(({ rows }) => rows === 'cell' || (typeof rows === 'object' && rows.kind !== 'all'))) {
      throw new MaggError('expression-invalid', `${what}: expected one value per row, found one number per cell or a selection of rows: write it without reductions and masks`);
    }
    const root = name === undefined && node.type !== 'boolean' ? lowering.graph.map('isTrue', node) : node;
    const own = [...new Set(columnsOf(expression).flatMap(used => usedBy.get(used) ?? []))].sort((a, b) => a - b);
    if (name !== undefined) {
      lowering.lets.set(name, root);
      usedBy.set(name, own);
    }
    return { root, columns: own };
  });
}

function lowered(what: string, run: () => Node): Node {
  try {
    return run();
  } catch (error) {
    // The message gains the column's name; nothing else is known here about an error of another kind.
    if (!(error instanceof MaggError)) throw error;
    throw new MaggError(error.tag, `${what}: ${error.message}`, { cause: error });
  }
}

/** Nothing, where memory is kept from a piece that was much larger. */
const unlessHuge = (have: Float64Array, count: number): Float64Array => (have.length > MOST_KEPT && count < have.length / 4 ? NO_FLOATS : have);

function inBlock(values: ColumnValues, from: number, to: number, source: { widened: Float64Array }): Float64Array {
  if (values instanceof Float64Array) return values.subarray(from, to);
  const out = (source.widened = roomyFloats(source.widened, BLOCK_ROWS));
  for (let i = from, j = 0; i < to; i++, j++) out[j] = values[i]!;
  return out;
}

function anyOf(masks: readonly Uint8Array[], count: number, out: Uint8Array): Uint8Array {
  out.set(masks[0]!.subarray(0, count));
  for (const mask of masks.slice(1)) for (let i = 0; i < count; i++) out[i] = out[i]! | mask[i]!;
  return out;
}
