import { MaggError } from '../../base/index.js';
import type { ArithmeticOperator, CompareOperator, Expression } from '../../config/index.js';
import { invalid } from './arguments.js';
import { lowerCall } from './lower-call.js';
import type { Graph, Node } from './graph.js';
import type { MapName } from './maps.js';

/** Turns expressions into nodes of a graph: types and rows are checked here, and nothing is looked up later. */
export interface Lowering {
  readonly graph: Graph;
  readonly columns: ReadonlyMap<string, number>;
  /** Values that stand for a name; they go before columns. */
  readonly lets?: ReadonlyMap<string, Node>;
}

export function lower(expression: Expression, to: Lowering): Node {
  const { graph } = to;
  switch (expression.kind) {
    case 'number':
      return graph.constant(expression.value, Number.isInteger(expression.value) ? 'integer' : 'float');
    case 'boolean':
      return graph.constant(expression.value ? 1 : 0, 'boolean');
    case 'text':
      throw invalid('expression', `expected a number or a column, found the text ${JSON.stringify(expression.value)}`);
    case 'list':
      throw invalid('expression', 'expected a number or a column, found a list: write a variable for each');
    case 'column':
      return lowerColumn(expression.name, to);
    case 'unary':
      return lowerUnary(expression.operator, lower(expression.operand, to), graph);
    case 'binary':
      return lowerBinary(expression.operator, lower(expression.left, to), lower(expression.right, to), graph);
    case 'compare':
      return lowerCompare(expression.operator, lower(expression.left, to), lower(expression.right, to), graph);
    case 'logical':
      return lowerLogical(expression.operator, lower(expression.left, to), lower(expression.right, to), graph);
    case 'if':
      return graph.map('where', lower(expression.test, to), lower(expression.then, to), lower(expression.otherwise, to));
    case 'call':
      return lowerCall(expression, to);
    case 'index':
      return lowerIndex(lower(expression.target, to), lower(expression.index, to), graph);
    case 'slice':
      return graph.slice(lower(expression.target, to), expression.start, expression.stop);
  }
}

function lowerColumn(name: string, { graph, columns, lets }: Lowering): Node {
  const made = lets?.get(name);
  if (made) return made;
  const place = columns.get(name);
  if (place === undefined) {
    throw new MaggError('expression-invalid', `expected one of the columns ${[...columns.keys()].join(', ')}, found "${name}": correct the name or add it to data_source.variables`);
  }
  return graph.column(place);
}

function lowerUnary(operator: '-' | '+' | '~' | 'not', operand: Node, graph: Graph): Node {
  switch (operator) {
    case '-':
      return graph.map('negative', asNumber(operand, graph));
    case '+':
      return operand;
    case '~':
      return operand.type === 'boolean' ? graph.map('not', operand) : graph.map('invert', operand);
    case 'not':
      return graph.map('not', operand);
  }
}

const ARITHMETIC: Readonly<Record<Exclude<ArithmeticOperator, '**' | '&' | '|' | '^'>, MapName>> = {
  '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '//': 'floorDivide', '%': 'modulo'
};
const BITS = { '&': 'bitAnd', '|': 'bitOr', '^': 'bitXor' } as const;
const LOGIC = { '&': 'and', '|': 'or', '^': 'notEqual' } as const;

function lowerBinary(operator: ArithmeticOperator, left: Node, right: Node, graph: Graph): Node {
  const areBoolean = left.type === 'boolean' && right.type === 'boolean';
  switch (operator) {
    case '&':
    case '|':
    case '^':
      return graph.map(areBoolean ? LOGIC[operator] : BITS[operator], left, right);
    case '**':
      return lowerPower(left, right, graph);
    case '+':
    case '*':
      // numpy's booleans: + is or, * is and (and - an error, here of numbers). Python's own are numbers.
      if (areBoolean && (left.kind !== 'constant' || right.kind !== 'constant')) return graph.map(operator === '+' ? 'or' : 'and', left, right);
      return graph.map(ARITHMETIC[operator], asNumber(left, graph), asNumber(right, graph));
    default:
      return graph.map(ARITHMETIC[operator], asNumber(left, graph), asNumber(right, graph));
  }
}

/** A boolean as 0 or 1 of integer type, so that results are typed as numpy types them. */
function asNumber(node: Node, graph: Graph): Node {
  return node.type === 'boolean' ? graph.map('int', node) : node;
}

/** numpy computes these powers without pow. */
export function lowerPower(base: Node, exponent: Node, graph: Graph): Node {
  const number = asNumber(base, graph);
  if (exponent.kind === 'constant' && number.kind !== 'constant') {
    if (exponent.value === 2) return graph.map('square', number);
    if (exponent.value === 1) return number;
    if (exponent.value === 0.5) return graph.map('sqrt', number);
    if (exponent.value === -1) return graph.map('divide', graph.constant(1, 'float'), number);
  }
  return graph.map('power', number, asNumber(exponent, graph));
}

function lowerCompare(operator: CompareOperator, left: Node, right: Node, graph: Graph): Node {
  switch (operator) {
    case '<':
      return graph.map('less', left, right);
    case '<=':
      return graph.map('lessEqual', left, right);
    case '>':
      return graph.map('less', right, left);
    case '>=':
      return graph.map('lessEqual', right, left);
    case '==':
      return graph.map('equal', left, right);
    case '!=':
      return graph.map('notEqual', left, right);
  }
}

/** Python's `and` and `or` give an operand; of two booleans that is the logical operation. */
function lowerLogical(operator: 'and' | 'or', left: Node, right: Node, graph: Graph): Node {
  if (left.type === 'boolean' && right.type === 'boolean') return graph.map(operator, left, right);
  return operator === 'and' ? graph.map('where', left, right, left) : graph.map('where', left, left, right);
}

function lowerIndex(target: Node, index: Node, graph: Graph): Node {
  if (typeof target.rows === 'string') throw invalid('expression', 'expected a column before [ ], found one number per cell: remove the index');
  if (typeof index.rows !== 'string') {
    if (index.type !== 'boolean') throw invalid('expression', 'expected a comparison or a row number inside [ ], found one number per row: write for example h[flag != 0]');
    return graph.take(target, graph.select(index, 'true'));
  }
  if (index.type === 'boolean') throw invalid('expression', 'expected one truth value per row inside [ ], found one for the cell: use "if ... else" instead');
  if (index.kind === 'constant' && !Number.isInteger(index.value)) throw invalid('expression', `expected a whole row number inside [ ], found ${index.value}`);
  return graph.reduction('at', target, target.type, index);
}
