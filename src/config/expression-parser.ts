import { parser } from '@lezer/python';
import type { Expression, Span } from './expression.js';
import { ExpressionReader, type ColumnTypes } from './expression-reader.js';
import type { Tell } from './expression-problem.js';
import { readTokens } from './expression-tokens.js';

/** Longer texts are refused: no formula is, and everything that walks the tree may rely on it. */
export const MAX_EXPRESSION_LENGTH = 4000;

/**
 * Parses Python arithmetic into a tree. Names that are no functions become columns, declared or not; whether operands go
 * together is for `checkExpression`. Undefined when something was told. Never throws.
 *
 * @param types of the columns that hold no plain numbers: truth values, which can be masks, and whole numbers
 */
export function parsePython(source: string, tell: Tell, types: ColumnTypes = new Map()): Expression | undefined {
  if (source.length > MAX_EXPRESSION_LENGTH) {
    tell({ code: 'expression-syntax', message: `expected at most ${MAX_EXPRESSION_LENGTH} characters, found ${source.length}`, span: { from: 0, to: source.length } });
    return undefined;
  }
  if (source.trim() === '') {
    tell({ code: 'expression-syntax', message: 'the expression is empty: write one such as np.mean(h_li)', span: { from: 0, to: source.length } });
    return undefined;
  }
  const tokens = readTokens(source, tell);
  if (!tokens) return undefined;
  // In brackets a line break means nothing, so that a formula may run over several lines of a YAML block; the closing one
  // stands on a line of its own in case a comment precedes it.
  const tree = parser.parse(`(${tokens.text}\n)`);
  const error = firstError(tree.cursor());
  if (error) {
    tell({ code: 'expression-syntax', ...describeError(source, { from: error.from - 1, to: error.to - 1 }) });
    return undefined;
  }
  const whole = tree.topNode.firstChild?.firstChild;
  return whole ? new ExpressionReader(source, tokens, tell, types).read(whole) : undefined;
}

function firstError(cursor: ReturnType<ReturnType<typeof parser.parse>['cursor']>): Span | undefined {
  do {
    if (cursor.type.isError) return { from: cursor.from, to: cursor.to };
  } while (cursor.next());
  return undefined;
}

function describeError(source: string, { from, to }: Span): { message: string; span: Span } {
  // The grammar marks a missing operand after the spaces or before them: name the token that stands there.
  const start = from + (source.slice(from).length - source.slice(from).trimStart().length);
  if (start >= source.length) {
    const end = source.trimEnd().length;
    return { message: `the expression ends where a value is expected, after ${lastToken(source.slice(0, end))}`, span: { from: Math.max(0, end - 1), to: end } };
  }
  const token = /^(?:[\p{L}\p{N}_.]+|\*\*|\/\/|[<>=!]=|.)/u.exec(source.slice(start))?.[0] ?? source[start]!;
  return { message: `${token} is not expected here: an operator, a comma or a value is missing or too many`, span: { from: start, to: Math.max(start + token.length, Math.min(to, source.length)) } };
}

const lastToken = (text: string): string => /(?:[\p{L}\p{N}_.]+|\*\*|\/\/|[<>=!]=|[^\s])$/u.exec(text)?.[0] ?? text;
