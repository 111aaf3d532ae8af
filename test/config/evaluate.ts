import type { Expression } from '../../src/config/index.js';

/** Truth or number, as Python has it. */
type Value = number | boolean;

/** Evaluates a tree over single numbers by Python's rules: the judge of precedence compares this with Python itself. */
export function evaluate(node: Expression, names: Readonly<Record<string, number>>): Value {
  const of = (inner: Expression): Value => evaluate(inner, names);
  switch (node.kind) {
    case 'number':
    case 'boolean':
      return node.value;
    case 'column':
      return names[node.name]!;
    case 'unary': {
      const value = of(node.operand);
      if (node.operator === 'not') return value === false || value === 0;
      return node.operator === '-' ? -Number(value) : node.operator === '~' ? ~Number(value) : Number(value);
    }
    case 'binary':
      return arithmetic(node.operator, of(node.left), of(node.right));
    case 'compare': {
      const [left, right] = [Number(of(node.left)), Number(of(node.right))];
      return { '<': left < right, '<=': left <= right, '>': left > right, '>=': left >= right, '==': left === right, '!=': left !== right }[node.operator];
    }
    case 'logical': {
      const left = of(node.left);
      const isTrue = left !== false && left !== 0;
      return isTrue === (node.operator === 'and') ? of(node.right) : left;
    }
    case 'if': {
      const test = of(node.test);
      return test !== false && test !== 0 ? of(node.then) : of(node.otherwise);
    }
    case 'call': {
      const args = node.args.map(arg => Number(of(arg)));
      if (node.name === 'abs') return Math.abs(args[0]!);
      if (node.name === 'minimum') return Math.min(args[0]!, args[1]!);
      if (node.name === 'maximum') return Math.max(args[0]!, args[1]!);
      throw new Error(`no ${node.name} here`);
    }
    default:
      throw new Error(`no ${node.kind} here`);
  }
}

function arithmetic(operator: string, left: Value, right: Value): Value {
  const [a, b] = [Number(left), Number(right)];
  const logic = (value: number): Value => (typeof left === 'boolean' && typeof right === 'boolean' ? value !== 0 : value);
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? NaN : a / b;
    case '//':
      return b === 0 ? NaN : Math.round((a - modulo(a, b)) / b);
    case '%':
      return b === 0 ? NaN : modulo(a, b);
    case '**':
      return a ** b;
    case '&':
      return logic(a & b);
    case '|':
      return logic(a | b);
    default:
      return logic(a ^ b);
  }
}

/** With the sign of the divisor. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}
