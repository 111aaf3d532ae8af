import { checkRowByRow } from './check-expression.js';
import { columnsOf, partsOf, type Expression, type Span } from './expression.js';
import { parsePython } from './expression-parser.js';
import type { ColumnType, ColumnTypes } from './expression-reader.js';
import type { ExpressionProblem, Tell } from './expression-problem.js';
import { ELEMENTWISE } from './functions.js';
import type { LetColumn } from './pipeline-config.js';

/** What a row expression may name, and what to say of one that does more than rows can. */
export interface RowScope {
  readonly columns: readonly string[];
  /** Of the computed columns that hold no plain numbers. */
  readonly types: ColumnTypes;
  /** Why a function of the rows of a cell is out of place here, and what to do. */
  readonly reductionRemedy: string;
}

const elementwise: ReadonlySet<string> = new Set(ELEMENTWISE);

/**
 * Parses and checks an expression that has one value per row: no function of all rows of a cell and no rows by number. `and`,
 * `or`, `not`, `if else` and chains of comparisons hold row by row. Undefined when something was told.
 */
export function parseRowExpression(text: string, { columns, types, reductionRemedy }: RowScope, tell: Tell): Expression | undefined {
  let isGood = true;
  const fault = (problem: ExpressionProblem): void => {
    isGood = false;
    tell(problem);
  };
  const parsed = parsePython(text, fault, types);
  if (!parsed) return undefined;
  refuseReductions(parsed, text, reductionRemedy, fault);
  if (!isGood) return undefined;
  checkRowByRow(parsed, columns, fault);
  if (isGood && columnsOf(parsed).length === 0) fault({ code: 'expression-type', message: 'this names no column, so that it is the same for every row: write it where it is used', span: parsed.span });
  return isGood ? parsed : undefined;
}

/** Type of the values of an expression that {@link parseRowExpression} gave. */
export const typeOfRows = (expression: Expression, columns: readonly string[]): ColumnType => checkRowByRow(expression, columns, () => undefined);

/** Types of computed columns. */
export function typesOf(lets: readonly LetColumn[], columns: readonly string[]): ColumnTypes {
  const names = [...columns, ...lets.map(({ name }) => name)];
  return new Map(lets.map(({ name, expression }) => [name, typeOfRows(expression, names)]));
}

function refuseReductions(expression: Expression, text: string, remedy: string, tell: Tell): void {
  visit(expression, node => {
    if (node.kind === 'index' || node.kind === 'slice') {
      const span = node.kind === 'index' ? node.index.span : node.span;
      tell({ code: 'expression-reduces', message: `rows cannot be picked here, where each row stands alone: ${remedy}`, span });
    } else if (node.kind === 'call' && !elementwise.has(node.name)) {
      const span = nameSpan(node, text);
      tell({ code: 'expression-reduces', message: `${text.slice(span.from, span.to)} makes one number of all rows of a cell, and here each row stands alone: ${remedy}`, span });
    }
  });
}

/** The name in `np.mean(h_li)` and in `h_li.mean()`. */
function nameSpan({ args, span }: Expression & { kind: 'call' }, text: string): Span {
  const called = /^[A-Za-z_][\w.]*(?=\s*\()/.exec(text.slice(span.from, span.to))?.[0];
  if (called !== undefined && args[0]?.span.from !== span.from) return { from: span.from, to: span.from + called.length };
  const method = /\.\s*([A-Za-z_]\w*)/.exec(text.slice(args[0]?.span.to ?? span.from, span.to));
  if (!method) return span;
  const to = (args[0]?.span.to ?? span.from) + method.index + method[0].length;
  return { from: to - method[1]!.length, to };
}

function visit(node: Expression, see: (node: Expression) => void): void {
  see(node);
  for (const inner of partsOf(node)) visit(inner, see);
}
