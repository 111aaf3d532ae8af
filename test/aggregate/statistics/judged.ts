import { compileStatistics } from '../../../src/aggregate/index.js';
import { columnsOf, type Expression, type OutputVariable } from '../../../src/config/index.js';
import { judge } from '../../judge.js';
import { toPython } from './build.js';
import type { TestCells } from './cells.js';

/** A float64 variable without data as NaN, or what `as` says. */
export function variable(expression: Expression, as: Partial<OutputVariable> = {}): OutputVariable {
  const isCount = expression.kind === 'call' && (expression.name === 'len' || expression.name === 'count');
  return { name: 'v', expression, written: { kind: 'expression', text: toPython(expression) }, dtype: 'float64', fillValue: NaN, bins: undefined, attributes: {}, isCount, ...as };
}

/** Our values: one array per expression. */
export function evaluate(expressions: readonly Expression[], cells: TestCells): Float64Array[] {
  const statistics = compileStatistics(expressions.map(expression => variable(expression)), cells.names);
  const out = statistics.allocate(cells.rows.cells);
  statistics.evaluate(cells.rows, out);
  return out.map(values => Float64Array.from(values as Float64Array));
}

/** numpy's values; `texts` are evaluated instead of the expressions' own Python form. */
export function evaluateInNumpy(expressions: readonly Expression[], { rows, columns }: TestCells, texts: readonly string[] = expressions.map(toPython)): Float64Array[] {
  const total = rows.first[rows.cells]!;
  const header = Buffer.from(JSON.stringify({
    first: Array.from(rows.first.subarray(0, rows.cells + 1)),
    columns: columns.map(({ name, values, missing }) => [name, values instanceof Float32Array ? '<f4' : '<f8', missing !== undefined]),
    variables: expressions.map((expression, v) => [texts[v], columnsOf(expression)])
  }));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(header.length);
  const bytes = (view: ArrayBufferView): Buffer => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  const arrays = columns.flatMap(({ values, missing }) => [bytes(values.subarray(0, total)), ...(missing ? [bytes(missing.subarray(0, total))] : [])]);
  const answer = judge('aggregate/statistics/numpy_cells.py', [], Buffer.concat([size, header, ...arrays]));
  return expressions.map((_, v) => Float64Array.from({ length: rows.cells }, (__, c) => answer.readDoubleLE(8 * (v * rows.cells + c))));
}

/** Expects our values to be numpy's, within `tolerance` relative to the larger of the value and `floor`. */
export function expectNumpy(expressions: readonly Expression[], cells: TestCells, tolerance: number, floor = 0, texts?: readonly string[]): void {
  const ours = evaluate(expressions, cells);
  const theirs = evaluateInNumpy(expressions, cells, texts);
  const wrong: string[] = [];
  expressions.forEach((expression, v) => {
    const isCount = variable(expression).isCount;
    for (let c = 0; c < cells.rows.cells; c++) {
      const [a, b] = [ours[v]![c]!, theirs[v]![c]!];
      const none = isCount && Number.isNaN(b) ? 0 : b;
      if (a === none || (Number.isNaN(a) && Number.isNaN(none))) continue;
      if (Math.abs(a - none) <= tolerance * Math.max(Math.abs(none), floor)) continue;
      wrong.push(`${toPython(expression)} in cell ${c} of ${cells.rows.first[c + 1]! - cells.rows.first[c]!} rows: ${a}, numpy ${none}`);
    }
  });
  expect(wrong).toEqual([]);
  // Not all of it is NaN on both sides.
  expect(theirs.some(values => values.some(value => Number.isFinite(value)))).toBe(true);
}
