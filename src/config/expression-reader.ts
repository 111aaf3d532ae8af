import type { SyntaxNode } from '@lezer/common';
import { bindCall, type Argument } from './bind-call.js';
import { constantValue } from './constant-value.js';
import { partsOf, type ArithmeticOperator, type CompareOperator, type Expression, type Span } from './expression.js';
import type { Tell } from './expression-problem.js';
import type { Tokens } from './expression-tokens.js';
import { CONSTANTS, isModule, meaningOf, METHODS } from './function-names.js';

const ARITHMETIC: ReadonlySet<string> = new Set<ArithmeticOperator>(['+', '-', '*', '/', '//', '%', '**', '&', '|', '^']);
const COMPARE: ReadonlySet<string> = new Set<CompareOperator>(['<', '<=', '>', '>=', '==', '!=']);
/** Operands within operands. Sums and products of many terms count each term. */
const MAX_DEPTH = 300;

/** Chains such as a < b < c and some functions repeat an operand: nested in each other they would double without end. */
const MAX_NODES = 20_000;

type Read = Expression | undefined;
/** What the values of a column are: truth values (0 and 1), whole numbers or any numbers. */
export type ColumnType = 'boolean' | 'integer' | 'float';
/** Types by name; a column that is not listed has any numbers. */
export type ColumnTypes = ReadonlyMap<string, ColumnType>;

/** Reads nodes of the Python grammar; what is not understood is told, and undefined stands for it. */
export class ExpressionReader {
  readonly #source: string;
  readonly #tokens: Tokens;
  readonly #tell: Tell;
  readonly #types: ColumnTypes;
  readonly #sizes = new WeakMap<Expression, number>();
  #depth = 0;
  /** The call whose first result is taken, `call(...)[0]`. */
  #indexed: SyntaxNode | undefined;

  constructor(source: string, tokens: Tokens, tell: Tell, types: ColumnTypes) {
    this.#types = types;
    this.#source = source;
    this.#tokens = tokens;
    this.#tell = tell;
  }

  read(node: SyntaxNode): Read {
    if (this.#depth >= MAX_DEPTH) return this.#refuse(node, 'expression-syntax', `the expression is nested more than ${MAX_DEPTH} deep: split it into several variables`);
    this.#depth++;
    const read = this.#readNode(node);
    this.#depth--;
    if (read && this.#sizeOf(read) > MAX_NODES) return this.#refuse(node, 'expression-syntax', 'the expression repeats itself too often: split it into several variables');
    return read;
  }

  /** Number of nodes, those that stand in the tree more than once counted each time. */
  #sizeOf(expression: Expression): number {
    const known = this.#sizes.get(expression);
    if (known !== undefined) return known;
    const size = partsOf(expression).reduce((sum, part) => sum + this.#sizeOf(part), 1);
    this.#sizes.set(expression, size);
    return size;
  }

  #readNode(node: SyntaxNode): Read {
    const span = spanOf(node);
    switch (node.name) {
      case 'ParenthesizedExpression': {
        const inner = operandsOf(node)[0];
        return inner && this.read(inner);
      }
      case 'Number':
        return { kind: 'number', value: this.#tokens.numbers.get(span.from) ?? NaN, span };
      case 'Boolean':
        return { kind: 'boolean', value: this.#text(node) === 'True', span };
      case 'String':
        return { kind: 'text', value: this.#text(node).slice(1, -1), span };
      case 'ArrayExpression': {
        const items = this.#all(operandsOf(node));
        return items && { kind: 'list', items, span };
      }
      case 'VariableName':
        return this.#column(this.#text(node), span);
      case 'MemberExpression':
        return this.#readMember(node, span);
      case 'CallExpression':
        return this.#readCall(node, span);
      case 'UnaryExpression':
      case 'BinaryExpression':
        return this.#readOperators(node, span);
      case 'ConditionalExpression': {
        const parts = this.#all(operandsOf(node));
        return parts && { kind: 'if', then: parts[0]!, test: parts[1]!, otherwise: parts[2]!, span };
      }
      case 'None':
        return this.#refuse(node, 'expression-not-allowed', 'None is no number: write np.nan for a missing value');
      case 'TupleExpression':
        if (this.#depth > 1) {
          const items = this.#all(operandsOf(node));
          return items && { kind: 'list', items, span };
        }
        return this.#refuse(node, 'expression-not-allowed', 'several values between commas: an expression gives one number');
      default:
        return this.#refuse(node, 'expression-not-allowed', `${shorten(this.#text(node))} is not allowed in an expression: write arithmetic over columns`);
    }
  }

  #column(name: string, span: Span): Expression {
    const column: Expression = { kind: 'column', name, span };
    const type = this.#types.get(name) ?? 'float';
    return type === 'float' ? column : { kind: 'call', name: type === 'boolean' ? 'bool' : 'int', args: [column], kwargs: {}, span };
  }

  /** Every node read, so that all problems are told; undefined if one could not be. */
  #all(nodes: readonly SyntaxNode[]): readonly Expression[] | undefined {
    const read = nodes.map(node => this.read(node));
    return read.every(item => item !== undefined) ? read : undefined;
  }

  /** `and`, `or`, `not` anew by Python's precedence (the grammar lets `not` reach over `and`), everything else as it stands. */
  #readOperators(node: SyntaxNode, span: Span): Read {
    const sign = operatorOf(node, this.#source);
    if (sign === 'and' || sign === 'or' || sign === 'not') return this.#readLogic(node);
    const operands = operandsOf(node);
    if (node.name === 'UnaryExpression') {
      const operand = this.read(operands[0]!);
      return operand && { kind: 'unary', operator: sign as '-' | '+' | '~', operand, span };
    }
    if (COMPARE.has(sign)) return this.#readComparison(node, span);
    if (!ARITHMETIC.has(sign)) return this.#refuse(node, 'expression-not-allowed', `${sign} is not allowed in an expression`);
    const both = this.#all(operands);
    return both && { kind: 'binary', operator: sign as ArithmeticOperator, left: both[0]!, right: both[1]!, span };
  }

  #readLogic(node: SyntaxNode): Read {
    const terms = this.#flatten(node);
    let at = 0;
    const unary = (): Read => {
      const term = terms[at++]!;
      if (typeof term !== 'object' || !('word' in term)) return this.read(term);
      const operand = unary();
      return operand && { kind: 'unary', operator: 'not', operand, span: { from: term.from, to: operand.span.to } };
    };
    const chain = (word: 'and' | 'or', next: () => Read): Read => {
      let left = next();
      for (let term = terms[at]; term !== undefined && 'word' in term && term.word === word; term = terms[at]) {
        at++;
        const right = next();
        left = left && right && { kind: 'logical', operator: word, left, right, span: { from: left.span.from, to: right.span.to } };
      }
      return left;
    };
    return chain('or', () => chain('and', unary));
  }

  /** The words and operands of `and`, `or`, `not` in the order of the text. */
  #flatten(node: SyntaxNode): (SyntaxNode | { readonly word: string; readonly from: number })[] {
    const word = node.name === 'BinaryExpression' || node.name === 'UnaryExpression' ? operatorOf(node, this.#source) : '';
    const operands = operandsOf(node);
    if (word === 'not') return [{ word, from: spanOf(node).from }, ...this.#flatten(operands[0]!)];
    if (word !== 'and' && word !== 'or') return [node];
    return [...this.#flatten(operands[0]!), { word, from: 0 }, ...this.#flatten(operands[1]!)];
  }

  /** `a < b < c` is `a < b and b < c`. */
  #readComparison(node: SyntaxNode, span: Span): Read {
    const [leftNode, rightNode] = operandsOf(node);
    if (rightNode!.name === 'UnaryExpression' && operatorOf(rightNode!, this.#source) === 'not') {
      return this.#refuse(rightNode!, 'expression-syntax', 'not is not expected here: put it in parentheses');
    }
    const operator = operatorOf(node, this.#source) as CompareOperator;
    const left = this.read(leftNode!);
    const right = this.read(rightNode!);
    if (!left || !right) return undefined;
    const isChain = leftNode!.name === 'BinaryExpression' && COMPARE.has(operatorOf(leftNode!, this.#source));
    if (!isChain) return { kind: 'compare', operator, left, right, span };
    const middle = left.kind === 'logical' ? left.right : left;
    if (middle.kind !== 'compare') return undefined;
    return { kind: 'logical', operator: 'and', left, right: { kind: 'compare', operator, left: middle.right, right, span: { from: middle.right.span.from, to: span.to } }, span };
  }

  #readMember(node: SyntaxNode, span: Span): Read {
    const [target, index] = operandsOf(node);
    const property = node.getChild('PropertyName');
    if (!property) return this.#readIndex(node, span);
    const name = this.#text(property);
    const path = dottedName(node, this.#source);
    const module = path?.slice(0, path.lastIndexOf('.'));
    if (module !== undefined && (isModule(module) || module.includes('.'))) {
      if ((module === 'np' || module === 'numpy' || module === 'math') && Object.hasOwn(CONSTANTS, name)) return { kind: 'number', value: CONSTANTS[name]!, span };
      return this.#refuse(node, 'expression-not-allowed', `${path} is not allowed as a value: call functions, as in np.mean(h_li); constants are np.nan, np.inf, np.pi`);
    }
    if (name === 'size' && target && !index) return this.#call('size', [{ node: target }], span);
    const remedy = name === 'values' ? 'leave out .values' : 'a column has .size and methods such as .max(), .mean()';
    return this.#refuse(property, 'expression-not-allowed', `.${name} is not allowed: ${remedy}`);
  }

  #readIndex(node: SyntaxNode, span: Span): Read {
    const [target, index, ...more] = operandsOf(node);
    if (node.getChild(':')) return this.#readSlice(node, span);
    if (!target || !index || more.length > 0) return this.#refuse(node, 'expression-not-allowed', 'expected one index: rows by a mask as in h_li[s_li < 1], or one row as in h_li[0]');
    const isShape = target.name === 'MemberExpression' && this.#nameOf(target.getChild('PropertyName')) === 'shape';
    if (isShape && this.#text(index) === '0') return this.#call('size', [{ node: target.firstChild! }], span);
    if (target.name === 'CallExpression' && this.#text(index) === '0') this.#indexed = target;
    const [from, at] = [this.read(target), this.read(index)];
    if (from?.kind === 'call' && from.name === 'histogram') return { ...from, span };
    return from && at && { kind: 'index', target: from, index: at, span };
  }

  #readSlice(node: SyntaxNode, span: Span): Read {
    const bounds: [number, number | undefined] = [0, undefined];
    let target: Read;
    let colons = 0;
    let isInside = false;
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (child.name === '[') isInside = true;
      else if (child.name === ',' || (child.name === ':' && colons > 0)) return this.#refuse(child, 'expression-not-allowed', 'expected one slice without a step, as in h_li[:10] or h_li[1:-1]');
      else if (child.name === ':') colons++;
      else if (!isInside) target = this.read(child);
      else if (child.name !== ']' && child.name !== 'Comment') {
        const bound = this.read(child);
        const value = bound && constantValue(bound);
        if (!bound) return undefined;
        if (value === undefined || !Number.isSafeInteger(value)) return this.#refuse(child, 'expression-not-allowed', 'expected a whole number, the same for all cells, as in h_li[:10] or h_li[1:-1]');
        bounds[colons] = value;
      }
    }
    const [start, stop] = bounds;
    return start === 0 && stop === undefined ? target : target && { kind: 'slice', target, start, stop, span };
  }

  #isHistogram(callee: SyntaxNode): boolean {
    const meaning = meaningOf(dottedName(callee, this.#source) ?? '');
    return meaning?.kind === 'function' && meaning.name === 'histogram';
  }

  #readCall(node: SyntaxNode, span: Span): Read {
    const callee = node.firstChild!;
    const args = this.#arguments(node.getChild('ArgList')!);
    const isIndexed = this.#indexed?.from === node.from && this.#indexed.to === node.to;
    if (args && !isIndexed && this.#isHistogram(callee)) {
      const written = `${this.#text(node)}[0]`;
      this.#tell({ code: 'expression-type', message: 'np.histogram gives the counts and the edges: write [0] behind it for the counts', span, fix: { title: 'Add [0]', replacement: written } });
      return undefined;
    }
    if (callee.name === 'VariableName') return args && this.#call(this.#text(callee), args, span, spanOf(callee));
    const path = dottedName(callee, this.#source);
    const module = path?.slice(0, path.lastIndexOf('.'));
    // os.system, np.linalg.norm: dotted names that are no method of a column.
    if (path !== undefined && module !== undefined && (isModule(module) || module.includes('.') || FOREIGN.has(module))) return args && this.#call(path, args, span, spanOf(callee));
    const method = callee.name === 'MemberExpression' ? callee.getChild('PropertyName') : null;
    if (!method) return this.#refuse(callee, 'expression-not-allowed', `${shorten(this.#text(callee))} cannot be called: call a function by its name`);
    const name = this.#text(method);
    if (name.startsWith('_')) return this.#refuse(method, 'expression-not-allowed', `.${name} is not allowed: a column has .size and methods such as .max(), .mean()`);
    if (name === 'size') return this.#refuse(node, 'expression-not-allowed', '.size is a number, not a function: write it without ()');
    if (!METHODS.includes(name) && meaningOf(`np.${name}`)) return this.#refuseMethod(node, callee.firstChild!, name);
    if (name === 'astype') return args && this.#astype(callee.firstChild!, args, span, spanOf(method));
    const numpy = name === 'flatten' || name === 'item' ? 'ravel' : name;
    return args && this.#call(`np.${numpy}`, [{ node: callee.firstChild! }, ...args], span, spanOf(method), name);
  }

  /** `h.median()`, which arrays do not have and numpy does. */
  #refuseMethod(node: SyntaxNode, target: SyntaxNode, name: string): undefined {
    const inner = this.#text(node.getChild('ArgList')!).slice(1, -1).trim();
    const written = `np.${name}(${this.#text(target)}${inner === '' ? '' : `, ${inner}`})`;
    const span = spanOf(node);
    this.#tell({ code: 'unknown-function', message: `arrays of numpy have no method ${name}; did you mean ${written}?`, span, fix: { title: `Change to ${shorten(written)}`, replacement: written } });
    return undefined;
  }

  /** `mask.astype(int)`: the type's name is no value, so it is taken from the text. */
  #astype(target: SyntaxNode, args: readonly CallArgument[], span: Span, method: Span): Read {
    const type = args.length === 1 && args[0]!.name === undefined ? this.#text(args[0]!.node).replace(/^(?:np|numpy)\./, '').replace(/^(['"])(.*)\1$/, '$2') : '';
    const name = { float: 'float', float64: 'float', int: 'int', int64: 'int', bool: 'bool', bool_: 'bool' }[type];
    if (name !== undefined) return this.#call(name, [{ node: target }], span);
    this.#tell({ code: 'expression-not-allowed', message: 'astype takes float, int or bool: all arithmetic is float64', span: method });
    return undefined;
  }

  #arguments(list: SyntaxNode): readonly CallArgument[] | undefined {
    const args: CallArgument[] = [];
    for (let node = list.firstChild; node; node = node.nextSibling) {
      if (PUNCTUATION.has(node.name)) continue;
      if (node.name === '*' || node.name === '**' || node.name === 'ArithOp') {
        return this.#refuse(node, 'expression-not-allowed', `${this.#text(node)} before an argument is not allowed: write the arguments out`);
      }
      const value = node.nextSibling?.name === 'AssignOp' ? node.nextSibling.nextSibling : undefined;
      if (value) {
        args.push({ name: this.#text(node), nameSpan: spanOf(node), node: value });
        node = value;
      } else args.push({ node });
    }
    return args;
  }

  #call(name: string, args: readonly CallArgument[], span: Span, nameSpan: Span = span, shown = name): Read {
    const read: Argument[] = [];
    let isGood = true;
    for (const { name: keyword, nameSpan: keywordSpan, node } of args) {
      if (keyword === 'dtype' && name !== 'np.astype') {
        // All arithmetic is float64.
        if (FLOAT_TYPE.test(this.#text(node))) continue;
        this.#refuse(node, 'expression-not-allowed', 'dtype: all arithmetic is float64: leave dtype out');
        isGood = false;
        continue;
      }
      // None is no value, but says "as if this argument were not there".
      const value = keyword !== undefined && node.name === 'None' ? null : node.name === 'None' ? null : this.read(node);
      if (value === undefined) isGood = false;
      else read.push({ name: keyword, value, span: keywordSpan ?? spanOf(node) });
    }
    return isGood ? bindCall({ name, shown, nameSpan, args: read, span }, this.#tell) : undefined;
  }

  #refuse(node: SyntaxNode, code: 'expression-syntax' | 'expression-not-allowed', message: string): undefined {
    // The brackets around the whole text, which `a, b` makes a tuple of, are not in the text.
    const { from, to } = spanOf(node);
    this.#tell({ code, message, span: { from: Math.max(from, 0), to: Math.min(to, this.#source.length) } });
    return undefined;
  }

  #nameOf(node: SyntaxNode | null): string {
    return node ? this.#text(node) : '';
  }

  #text(node: SyntaxNode): string {
    const { from, to } = spanOf(node);
    return this.#source.slice(from, to);
  }
}

interface CallArgument {
  readonly name?: string;
  readonly nameSpan?: Span;
  readonly node: SyntaxNode;
}

/** Roots of dotted names that people write and that are never columns, for a message about the function and not the column. */
const FOREIGN: ReadonlySet<string> = new Set(['os', 'sys', 'scipy', 'stats', 'pd', 'pandas', 'subprocess', 'shutil', 'builtins', '__builtins__']);
const PUNCTUATION: ReadonlySet<string> = new Set(['(', ')', '[', ']', ',', '.', ':', 'if', 'else', 'Comment']);
const OPERATORS: ReadonlySet<string> = new Set(['ArithOp', 'BitOp', 'CompareOp', 'and', 'or', 'not', 'PropertyName']);

const FLOAT_TYPE = /^(?:(?:np\.|numpy\.)?(?:float|float64|double)|(['"])(?:float|float64|f8|<f8)\1)$/;

/** The text was parsed behind an opening bracket. */
const spanOf = (node: SyntaxNode): Span => ({ from: node.from - 1, to: node.to - 1 });

function operandsOf(node: SyntaxNode): SyntaxNode[] {
  const operands: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (!PUNCTUATION.has(child.name) && !OPERATORS.has(child.name)) operands.push(child);
  return operands;
}

function operatorOf(node: SyntaxNode, source: string): string {
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (OPERATORS.has(child.name)) return source.slice(child.from - 1, child.to - 1);
  }
  return '';
}

/** `np.linalg.norm` as text; undefined when a part is no name. */
function dottedName(node: SyntaxNode, source: string): string | undefined {
  if (node.name === 'VariableName') return source.slice(node.from - 1, node.to - 1);
  const property = node.name === 'MemberExpression' ? node.getChild('PropertyName') : null;
  const target = property && node.firstChild && dottedName(node.firstChild, source);
  return property && target ? `${target}.${source.slice(property.from - 1, property.to - 1)}` : undefined;
}

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 37)}...` : text);
