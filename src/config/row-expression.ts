import { checkExpression } from './check-expression.js';
import { columnsOf, partsOf, type Expression, type Span } from './expression.js';
import { parsePython } from './expression-parser.js';
import type { ExpressionProblem, Tell } from './expression-problem.js';
import { ELEMENTWISE } from './functions.js';

/** What a row expression may name, and what to say of one that does more than rows can. */
export interface RowScope {
  readonly columns: readonly string[];
  /** Why a function of the rows of a cell is out of place here, and what to do. */
  readonly reductionRemedy: string;
}

const elementwise: ReadonlySet<string> = new Set(ELEMENTWISE);
const TRUTH_FUNCTIONS: ReadonlySet<string> = new Set(['isnan', 'isfinite', 'isinf', 'bool']);

/**
 * Parses and checks an expression that has one value per row: no function of all rows of a cell and no rows by number. `and`,
 * `or`, `not` and `if else` hold row by row; the tree that comes back has `&`, `|`, `~` and `where` in their place, which is
 * what the evaluator of rows knows. Undefined when something was told.
 */
export function parseRowExpression(text: string, { columns, reductionRemedy }: RowScope, tell: Tell): Expression | undefined {
  let isGood = true;
  const fault = (problem: ExpressionProblem): void => {
    isGood = false;
    tell(problem);
  };
  const parsed = parsePython(text, fault);
  if (!parsed) return undefined;
  refuseReductions(parsed, text, reductionRemedy, fault);
  if (!isGood) return undefined;
  const byRow = rowByRow(parsed);
  checkExpression(byRow, columns, problem => {
    // Rows are what is due here.
    if (problem.code !== 'expression-not-reduced') fault(problem);
  });
  if (isGood && columnsOf(byRow).length === 0) fault({ code: 'expression-type', message: 'this names no column, so that it is the same for every row: write it where it is used', span: parsed.span });
  return isGood ? byRow : undefined;
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

function rowByRow(node: Expression): Expression {
  const { span } = node;
  switch (node.kind) {
    case 'number':
    case 'boolean':
    case 'text':
    case 'column':
      return node;
    case 'list':
      return { ...node, items: node.items.map(rowByRow) };
    case 'unary': {
      const operand = rowByRow(node.operand);
      return node.operator === 'not' ? { kind: 'unary', operator: '~', operand: truth(operand), span } : { ...node, operand };
    }
    case 'binary':
    case 'compare':
      return { ...node, left: rowByRow(node.left), right: rowByRow(node.right) };
    case 'logical': {
      const [left, right] = [rowByRow(node.left), rowByRow(node.right)];
      if (isTruth(left) && isTruth(right)) return { kind: 'binary', operator: node.operator === 'and' ? '&' : '|', left, right, span };
      // Python's own: the value of one of the two, not its truth.
      return { kind: 'call', name: 'where', args: node.operator === 'and' ? [truth(left), right, left] : [truth(left), left, right], kwargs: {}, span };
    }
    case 'if':
      return { kind: 'call', name: 'where', args: [truth(rowByRow(node.test)), rowByRow(node.then), rowByRow(node.otherwise)], kwargs: {}, span };
    case 'call':
      return { ...node, args: node.args.map(rowByRow), kwargs: Object.fromEntries(Object.entries(node.kwargs).map(([name, value]) => [name, rowByRow(value)])) };
    case 'index':
    case 'slice':
      // Refused before.
      return node;
  }
}

const truth = (node: Expression): Expression => (isTruth(node) ? node : { kind: 'call', name: 'bool', args: [node], kwargs: {}, span: node.span });

function isTruth(node: Expression): boolean {
  switch (node.kind) {
    case 'boolean':
    case 'compare':
      return true;
    case 'unary':
      return node.operator === '~' && isTruth(node.operand);
    case 'binary':
      return (node.operator === '&' || node.operator === '|' || node.operator === '^') && isTruth(node.left) && isTruth(node.right);
    case 'call':
      return TRUTH_FUNCTIONS.has(node.name) || (node.name === 'where' && isTruth(node.args[1]!) && isTruth(node.args[2]!));
    default:
      return false;
  }
}
