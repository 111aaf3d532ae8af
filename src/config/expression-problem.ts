import type { DiagnosticCode } from './diagnostic.js';
import type { Span } from './expression.js';

/** Something wrong with an expression, at its place in the expression's own text. */
export interface ExpressionProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly span: Span;
  readonly fix?: { readonly title: string; readonly replacement: string } | undefined;
}

export type Tell = (problem: ExpressionProblem) => void;
