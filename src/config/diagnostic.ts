/** What can be wrong with a config; programs test these. */
export const DIAGNOSTIC_CODES = [
  /** The text is no YAML. */
  'yaml-syntax',
  /** A tab where YAML takes only spaces. */
  'yaml-tab',
  /** A value that YAML 1.1 (PyYAML) and YAML 1.2 read differently. A warning. */
  'yaml-difference',
  'duplicate-key',
  /** Two keys that cannot both have this name: a computed column and a column, an attribute and its own key, a variable and a histogram's bins. */
  'duplicate-name',
  'empty',
  'not-a-mapping',
  /** Stands for all problems from here on, where there are more than a thousand. */
  'more-problems',
  'unknown-key',
  'missing-key',
  'wrong-type',
  /** Of the right type, but not one of the values, or not in the range, that the key takes. */
  'wrong-value',
  /** A key that has no effect beside another. A warning. */
  'unused-key',
  /** parent_order, child_order and the type of morton ids do not go together. */
  'orders',
  /** A path without `{group}` though there are groups, or the other way round. */
  'template',
  /** A level that data_source.levels does not have. */
  'unknown-level',
  /** A filter without a test, with several, or with one that nothing passes. */
  'filter',
  /** A name that is no column of data_source.variables. */
  'unknown-column',
  'unknown-function',
  /** A variable with both a function and an expression, or with neither. */
  'function-or-expression',
  'missing-source',
  'unknown-param',
  'missing-param',
  /** A parameter of the wrong kind or out of its range. */
  'param-value',
  'missing-fill-value',
  /** A fill value that the dtype cannot hold. */
  'fill-value',
  /** Not Python. */
  'expression-syntax',
  /** Python, but nothing that expressions may do. */
  'expression-not-allowed',
  /** Too few or too many arguments. */
  'expression-arity',
  /** Operands that do not go together. */
  'expression-type',
  /** One value per row where one number per cell is due. */
  'expression-not-reduced',
  /** One number per cell where one value per row is due. */
  'expression-reduces'
] as const;
export type DiagnosticCode = (typeof DIAGNOSTIC_CODES)[number];

/** A change that mends the problem: `replacement` for the text from offset `from` to `to` (exclusive; UTF-16 units, as JavaScript counts). */
export interface Fix {
  readonly title: string;
  readonly replacement: string;
  readonly from: number;
  readonly to: number;
}

/** One problem of a config and its place. A config with an error cannot be run; one with warnings can. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** What was expected, what was found, what to do. */
  readonly message: string;
  /** Keys from the root, such as `aggregation.variables.h_mean.params.q` or `data_source.groups[1]`; empty for the whole text. */
  readonly path: string;
  /** From 1. Both are 1 where there is no text: documents given as objects. */
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  /** Column after the last character. */
  readonly endColumn?: number;
  readonly fix?: Fix;
}

/** The text with the fix of a diagnostic applied. */
export function applyFix(text: string, { from, to, replacement }: Fix): string {
  return text.slice(0, from) + replacement + text.slice(to);
}
