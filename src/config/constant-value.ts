import type { Expression } from './expression.js';

/** The number of an expression without columns and functions, such as `1 / 4` or `-9999`; undefined for any other. */
export function constantValue(expression: Expression): number | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'boolean':
      return Number(expression.value);
    case 'unary': {
      const operand = constantValue(expression.operand);
      if (operand === undefined || expression.operator === '~' || expression.operator === 'not') return undefined;
      return expression.operator === '-' ? -operand : operand;
    }
    case 'binary': {
      const left = constantValue(expression.left);
      const right = constantValue(expression.right);
      if (left === undefined || right === undefined) return undefined;
      switch (expression.operator) {
        case '+':
          return left + right;
        case '-':
          return left - right;
        case '*':
          return left * right;
        case '/':
          return left / right;
        case '**':
          return left ** right;
        default:
          return undefined;
      }
    }
    default:
      return undefined;
  }
}
