import type { ArithmeticOperator, CompareOperator, Expression, FunctionName } from '../../../src/config/index.js';

const span = { from: 0, to: 0 };
type Operand = Expression | number | boolean;
const asTree = (operand: Operand): Expression =>
  typeof operand === 'number' ? { kind: 'number', value: operand, span } : typeof operand === 'boolean' ? { kind: 'boolean', value: operand, span } : operand;

/** Trees of expressions as the parser makes them. */
export const column = (name: string): Expression => ({ kind: 'column', name, span });
export const text = (value: string): Expression => ({ kind: 'text', value, span });
export const list = (...items: Operand[]): Expression => ({ kind: 'list', items: items.map(asTree), span });
export const unary = (operator: '-' | '+' | '~' | 'not', operand: Operand): Expression => ({ kind: 'unary', operator, operand: asTree(operand), span });
export const binary = (left: Operand, operator: ArithmeticOperator, right: Operand): Expression => ({ kind: 'binary', operator, left: asTree(left), right: asTree(right), span });
export const compare = (left: Operand, operator: CompareOperator, right: Operand): Expression => ({ kind: 'compare', operator, left: asTree(left), right: asTree(right), span });
export const logical = (left: Operand, operator: 'and' | 'or', right: Operand): Expression => ({ kind: 'logical', operator, left: asTree(left), right: asTree(right), span });
export const choose = (test: Operand, then: Operand, otherwise: Operand): Expression => ({ kind: 'if', test: asTree(test), then: asTree(then), otherwise: asTree(otherwise), span });
export const index = (target: Operand, at: Operand): Expression => ({ kind: 'index', target: asTree(target), index: asTree(at), span });
export const call = (name: FunctionName, args: readonly Operand[], kwargs: Readonly<Record<string, Operand>> = {}): Expression => ({
  kind: 'call', name, args: args.map(asTree), kwargs: Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, asTree(value)])), span
});

const PYTHON_NAMES: Partial<Record<FunctionName, string>> = { len: 'len', count: 'np.size', float: 'to_float', int: 'to_int', bool: 'to_bool' };

/** The tree as Python text, for numpy to evaluate. */
export function toPython(node: Expression): string {
  switch (node.kind) {
    case 'number':
      return Number.isFinite(node.value) ? `(${node.value})` : node.value > 0 ? 'np.inf' : node.value < 0 ? '(-np.inf)' : 'np.nan';
    case 'boolean':
      return node.value ? 'True' : 'False';
    case 'text':
      return JSON.stringify(node.value);
    case 'list':
      return `[${node.items.map(toPython).join(', ')}]`;
    case 'column':
      return node.name;
    case 'unary':
      return `(${node.operator} ${toPython(node.operand)})`;
    case 'binary':
    case 'compare':
    case 'logical':
      return `(${toPython(node.left)} ${node.operator} ${toPython(node.right)})`;
    case 'if':
      return `(${toPython(node.then)} if ${toPython(node.test)} else ${toPython(node.otherwise)})`;
    case 'call': {
      const keywords = Object.entries(node.kwargs).map(([key, value]) => `${key}=${toPython(value)}`);
      return `${PYTHON_NAMES[node.name] ?? `np.${node.name}`}(${[...node.args.map(toPython), ...keywords].join(', ')})`;
    }
    case 'slice':
      return `${toPython(node.target)}[${node.start}:${node.stop ?? ''}]`;
    case 'index':
      return `${toPython(node.target)}[${toPython(node.index)}]`;
  }
}
