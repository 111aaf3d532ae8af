import { checkExpression } from './check-expression.js';
import type { Expression } from './expression.js';
import { parsePython } from './expression-parser.js';
import type { ExpressionProblem } from './expression-problem.js';

/**
 * Parses and checks one expression over the given columns. `expression` is undefined when there is a problem; problems are in
 * the order of the text. Never throws.
 */
export function parseExpression(text: string, columns: readonly string[]): { readonly expression?: Expression; readonly problems: readonly ExpressionProblem[] } {
  const problems: ExpressionProblem[] = [];
  const tell = (problem: ExpressionProblem): void => void problems.push(problem);
  const expression = parsePython(text, tell);
  if (expression) checkExpression(expression, columns, tell);
  problems.sort((a, b) => a.span.from - b.span.from);
  return expression && problems.length === 0 ? { expression, problems } : { problems };
}
