import type { FunctionName } from './functions.js';

/** Place in the expression's own text: character offsets, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '&' | '|' | '^';
export type CompareOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/**
 * A parsed expression over columns, JSON-like data without functions, so that it can travel to a worker. A `function`
 * variable is the same tree: `function: quantile, source: h_li, params: {q: 0.25}` is `quantile(h_li, q=0.25)`.
 * Whitelisted: nothing else can be evaluated.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly span: Span }
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'list'; readonly items: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'column'; readonly name: string; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' | 'not'; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'binary'; readonly operator: ArithmeticOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
  /** A chain such as `0 < x <= 3` is the `and` of its comparisons. */
  | { readonly kind: 'compare'; readonly operator: CompareOperator; readonly left: Expression; readonly right: Expression; readonly span: Span }
  | { readonly kind: 'logical'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression; readonly span: Span }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression; readonly span: Span }
  /** Methods (`h_li.mean()`) and attributes (`.size`) are calls with the target as first argument. */
  | {
      readonly kind: 'call';
      readonly name: FunctionName;
      readonly args: readonly Expression[];
      readonly kwargs: Readonly<Record<string, Expression>>;
      readonly span: Span;
    }
  /** `target[3]`, `target[-1]`: one row of a cell; `target[mask]`: the rows where the mask is true. */
  | { readonly kind: 'index'; readonly target: Expression; readonly index: Expression; readonly span: Span }
  /** `target[2:-1]`: the rows of a cell from `start` to `stop` (exclusive; undefined: to the end), counted from the end where negative. */
  | { readonly kind: 'slice'; readonly target: Expression; readonly start: number; readonly stop: number | undefined; readonly span: Span };

/** The expressions that one is made of, in the order of the text but for keyword arguments, which come last. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'number':
    case 'boolean':
    case 'text':
    case 'column':
      return [];
    case 'list':
      return node.items;
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'compare':
    case 'logical':
      return [node.left, node.right];
    case 'if':
      return [node.test, node.then, node.otherwise];
    case 'call':
      return [...node.args, ...Object.values(node.kwargs)];
    case 'index':
      return [node.target, node.index];
    case 'slice':
      return [node.target];
  }
}

/** Names of the columns an expression uses, each once, in order of first use. */
export function columnsOf(expression: Expression): readonly string[] {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'column') names.add(node.name);
    partsOf(node).forEach(visit);
  };
  visit(expression);
  return [...names];
}
