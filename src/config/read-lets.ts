import type { ColumnType } from './expression-reader.js';
import { isModule } from './function-names.js';
import type { LetColumn } from './pipeline-config.js';
import type { Path, Report } from './report.js';
import { parseRowExpression, typeOfRows } from './row-expression.js';

const PATH: Path = ['data_source', 'let'];

/** The computed columns of a source, in its order; those with an error are reported and left out. */
export function readLets(lets: Readonly<Record<string, string | undefined>>, columns: readonly string[], report: Report): readonly LetColumn[] {
  const names = Object.keys(lets);
  const read: LetColumn[] = [];
  const types = new Map<string, ColumnType>();
  Object.entries(lets).forEach(([name, text], i) => {
    const path = [...PATH, name];
    if (columns.includes(name)) report.add({ code: 'duplicate-name', at: 'key', path, message: `${name} is a column of data_source.variables already: give the computed column a name of its own` });
    else if (isModule(name)) report.add({ code: 'wrong-value', at: 'key', path, message: `${name} cannot be the name of a column: in expressions it stands for Python's module` });
    if (text === undefined) return;
    const earlier = [...columns, ...names.slice(0, i)];
    const later = names.slice(i);
    const expression = parseRowExpression(text, { columns: earlier, types, reductionRemedy: 'use it in aggregation.variables instead, on this column' }, problem => {
      const named = text.slice(problem.span.from, problem.span.to);
      const isLater = problem.code === 'unknown-column' && later.includes(named) && !earlier.includes(named);
      const message = named === name ? `${name} is computed from itself: name columns, or computed columns above it` : `${named} is computed further down: move it above ${name}`;
      report.add(isLater ? { code: problem.code, message, span: problem.span, path } : { ...problem, path });
    });
    if (!expression) return;
    read.push({ name, text, expression });
    types.set(name, typeOfRows(expression, earlier));
  });
  return read;
}
