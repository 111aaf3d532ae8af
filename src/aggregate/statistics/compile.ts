import { MaggError } from '../../base/index.js';
import { columnsOf, type OutputVariable } from '../../config/index.js';
import type { CellRows, OutputValues } from '../cell-rows.js';
import { cellBlocks } from './cell-blocks.js';
import { Frame } from './frame.js';
import { Graph, rowsOf, type Node } from './graph.js';
import { histogramOf, lowerHistogram, type Histogram } from './histogram.js';
import { lower } from './lower.js';
import { allocateValues, writeEmpty, writeValues } from './output.js';
import { Program } from './program.js';
import { RowPool } from './scratch.js';

/** Statistics of a pipeline, compiled for columns in a given order. Reuses its memory: one parent at a time. */
export interface Statistics {
  /** Columns that are really needed, by position in the columns given to the compiler, ascending. */
  readonly used: readonly number[];
  /**
   * New arrays of the dtype of each variable for `cells` child cells. One with bins has all bins of the first cell, then all
   * of the second.
   *
   * @throws MaggError `too-many-values` for more numbers than an array can be trusted to hold
   */
  allocate(cells: number): OutputValues[];
  /**
   * One value per child cell and variable (per bin where it has bins), into `out` as `allocate(rows.cells)` makes it, or
   * longer. Cells without a row that counts for a variable hold 0 if it is a count, else its fill value. Any number of
   * cells goes: parts of a parent, coarser cells of the same rows.
   *
   * @returns per variable 1 where a row counts for it in any of the cells; valid until the next call
   * @throws MaggError `value-out-of-range` for a number that an integer dtype cannot hold
   */
  evaluate(rows: CellRows, out: readonly OutputValues[]): Uint8Array;
}

/** 2 GiB of float64. */
const MOST_VALUES = 2 ** 28;

/** Rows, or cells, up to which memory is kept in any case: 16 MiB for each vector of rows. */
const MOST_KEPT = 2 ** 21;

interface Compiled {
  readonly variable: OutputVariable;
  /** The value, or what a histogram needs. */
  readonly roots: readonly [Node, ...Node[]];
  readonly histogram: Histogram | undefined;
  /** Columns in which a missing row is left out of the variable. */
  readonly columns: readonly number[];
}

/** Variables that leave out the same rows, with what computes them. */
interface Group {
  /** Columns with missing rows. */
  readonly columns: readonly number[];
  readonly members: readonly number[];
  readonly program: Program;
}

/**
 * Compiles the output variables to steps over typed arrays; work that variables have in common is done once.
 *
 * @param columns names in the order of {@link CellRows.columns}
 * @throws MaggError `expression-invalid` for an unknown column or argument, a result per row, and the like
 */
export function compileStatistics(variables: readonly OutputVariable[], columns: readonly string[]): Statistics {
  const lowering = { graph: new Graph(), columns: new Map(columns.map((name, i) => [name, i])) };
  const compiled = variables.map((variable): Compiled => {
    const found = lowerVariable(variable, lowering);
    const histogram = 'kind' in found ? undefined : found;
    const root = 'kind' in found ? found : found.source;
    // `len` counts the rows as they are, so it needs no column and no row is missing for it.
    const isLen = variable.expression.kind === 'call' && variable.expression.name === 'len' && root.kind === 'size' && root.of.kind === 'all';
    return { variable, roots: histogram?.weights ? [root, histogram.weights] : [root], histogram, columns: isLen ? [] : columnsOf(variable.expression).map(name => lowering.columns.get(name)!) };
  });
  const used = [...new Set(compiled.flatMap(({ columns: own }) => own))].sort((a, b) => a - b);
  let frame = new Frame();
  let groupsFor = grouping(compiled, used);
  let held = 0;
  /** Memory is kept from parent to parent, but not that of one that was much larger than those that follow. */
  const resize = (size: number): void => {
    if (held > MOST_KEPT && size < held / 4) {
      frame = new Frame();
      groupsFor = grouping(compiled, used);
      held = 0;
    }
    held = Math.max(held, size);
  };
  const counted = new Uint8Array(variables.length);
  return {
    used,
    allocate: cells => variables.map(variable => allocateValues(variable.dtype, lengthOf(variable, cells))),
    evaluate(rows, out) {
      counted.fill(0);
      compiled.forEach(({ variable }, v) => writeEmpty(variable, out[v]!, lengthOf(variable, rows.cells)));
      const blocks = [...cellBlocks(rows)];
      resize(blocks.reduce((most, { from, to }) => Math.max(most, to - from, rows.first[to]! - rows.first[from]!), 0));
      for (const { columns: masked, members, program } of groupsFor(rows)) {
        for (const block of blocks) {
          frame.load(rows, block, masked);
          if (frame.count === 0) continue;
          program.run(frame);
          for (const v of members) {
            counted[v] = 1;
            const { variable, roots: [root, weights], histogram } = compiled[v]!;
            if (histogram) histogram.write(variable, out[v]!, program.result(root), weights && program.result(weights), program.groups(rowsOf(root)), frame.cells);
            else writeValues(variable, out[v]!, program.result(root), root.rows === 'constant', frame.cells, frame.count);
          }
        }
      }
      return counted;
    }
  };
}

function lengthOf({ name, bins }: OutputVariable, cells: number): number {
  const length = cells * (bins ? bins.length - 1 : 1);
  if (length <= MOST_VALUES) return length;
  throw new MaggError('too-many-values', `variable "${name}": expected at most ${MOST_VALUES} numbers per parent, found ${length} (${cells} cells of ${bins ? bins.length - 1 : 1}): use fewer bins, or a parent order nearer to the child order`);
}

function lowerVariable(variable: OutputVariable, lowering: Parameters<typeof lower>[1]): Node | Histogram {
  try {
    const vector = histogramOf(variable);
    if (vector) return lowerHistogram(vector.call, vector.edges, lowering);
    const root = lower(variable.expression, lowering);
    if (typeof root.rows === 'string') return root;
    throw new MaggError('expression-invalid', 'expected one number per cell, found one per row: reduce it, for example with mean(...)');
  } catch (error) {
    // The message gains the variable's name; nothing else is known here about an error of another kind.
    if (!(error instanceof MaggError)) throw error;
    throw new MaggError(error.tag, `variable "${variable.name}": ${error.message}`, { cause: error });
  }
}

/**
 * Variables are computed together where they leave out the same rows. Which columns have missing rows changes from
 * parent to parent, so groups are made when a combination first occurs, and kept; usually no row is missing and all
 * variables are one group.
 */
function grouping(compiled: readonly Compiled[], used: readonly number[]): (rows: CellRows) => readonly Group[] {
  const pool = new RowPool();
  const programs = new Map<string, Program>();
  const known = new Map<string, readonly Group[]>();
  return rows => {
    const masked = used.filter(column => rows.missing[column] !== undefined);
    const key = masked.join(' ');
    const have = known.get(key);
    if (have) return have;
    const members = new Map<string, { columns: number[]; list: number[] }>();
    compiled.forEach(({ columns }, v) => {
      const own = masked.filter(column => columns.includes(column));
      const group = members.get(own.join(' ')) ?? { columns: own, list: [] };
      group.list.push(v);
      members.set(own.join(' '), group);
    });
    const made = [...members.values()].map(({ columns, list }): Group => {
      const program = programs.get(list.join(' ')) ?? new Program(list.flatMap(v => compiled[v]!.roots), pool);
      programs.set(list.join(' '), program);
      return { columns, members: list, program };
    });
    known.set(key, made);
    return made;
  };
}
