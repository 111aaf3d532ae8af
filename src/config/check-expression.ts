import type { Expression, Span } from './expression.js';
import type { DiagnosticCode } from './diagnostic.js';
import type { Tell } from './expression-problem.js';
import { isReducer, isVector, signatureOf, type FunctionName, type ReducerName } from './functions.js';
import { nearestName } from './nearest-name.js';
import { sliceLength } from './slice-length.js';

/** What an expression stands for: a constant, one number per cell, or one per row of `rows` (the mask that chose them). */
interface Shape {
  readonly rows: 'constant' | 'cell' | { readonly of: string };
  readonly type: 'boolean' | 'integer' | 'float';
}
type Found = Shape | undefined;
const ALL_ROWS = 'all';

/**
 * Tells everything that would fail when the expression is computed: unknown columns, operands of different rows, rows where
 * one number is due; and, at the end, an expression that is not one number per cell.
 */
export function checkExpression(expression: Expression, columns: readonly string[], tell: Tell): void {
  const checker = new Checker(columns, tell);
  if (expression.kind === 'call' && isVector(expression.name)) {
    checker.checkVector(expression);
    return;
  }
  const shape = checker.shapeOf(expression);
  if (shape && typeof shape.rows === 'object') {
    tell({ code: 'expression-not-reduced', message: 'this gives one value per row, and a cell holds one number: reduce it, for example with np.mean(...)', span: expression.span });
  }
}

/**
 * Tells everything that would fail when the expression is computed row by row. Functions of all rows of a cell and rows by
 * number are told by others. `and`, `or`, `not`, `if` and chains of comparisons hold row by row.
 *
 * @returns type of the values
 */
export function checkRowByRow(expression: Expression, columns: readonly string[], tell: Tell): Shape['type'] {
  return new Checker(columns, tell, 'row').shapeOf(expression)?.type ?? 'float';
}

class Checker {
  readonly #columns: readonly string[];
  /** What words such as `and` work on. */
  readonly #unit: 'cell' | 'row';
  readonly #tell: Tell;

  constructor(columns: readonly string[], tell: Tell, unit: 'cell' | 'row' = 'cell') {
    this.#columns = columns;
    this.#unit = unit;
    // The middle of a chain such as a < b < c stands in the tree twice.
    const told = new Set<string>();
    this.#tell = problem => {
      const id = `${problem.code} ${problem.span.from} ${problem.span.to}`;
      if (!told.has(id)) tell(problem);
      told.add(id);
    };
  }

  /** A call that gives several numbers per cell. */
  checkVector({ name, args, kwargs, span }: Expression & { kind: 'call' }): void {
    const rows = this.shapeOf(args[0]!);
    if (rows && typeof rows.rows !== 'object') this.#tell({ code: 'expression-type', message: `${name} takes a column or an expression with one value per row, found one number per cell`, span: args[0]!.span });
    this.#params(name, kwargs, rows, span);
  }

  shapeOf(node: Expression): Found {
    switch (node.kind) {
      case 'number':
        return { rows: 'constant', type: Number.isInteger(node.value) ? 'integer' : 'float' };
      case 'boolean':
        return { rows: 'constant', type: 'boolean' };
      case 'text':
        return this.#fault('expression-type', `a number is due here, found the text "${node.value}"`, node.span);
      case 'list':
        return this.#fault('expression-type', 'a number is due here, found a list', node.span);
      case 'column':
        return this.#column(node);
      case 'unary': {
        const operand = this.shapeOf(node.operand);
        if (!operand) return undefined;
        if (node.operator === 'not') return this.#oneNumber(operand, node.operand, 'not takes one number per cell: write ~ for a mask') ? { rows: operand.rows, type: 'boolean' } : undefined;
        if (node.operator === '~') return this.#bits(operand, node.operand, '~') ? operand : undefined;
        return operand.type === 'boolean' ? { ...operand, type: 'integer' } : operand;
      }
      case 'binary':
        return this.#binary(node);
      case 'compare': {
        const rows = this.#together([node.left, node.right], node.span)?.rows;
        return rows && { rows, type: 'boolean' };
      }
      case 'logical': {
        const [left, right] = [this.shapeOf(node.left), this.shapeOf(node.right)];
        const remedy = `"${node.operator}" and chains such as 0 < x < 3 take one number per cell: for masks write (0 < x) ${node.operator === 'and' ? '&' : '|'} (x < 3)`;
        const isGood = left && right && this.#oneNumber(left, node.left, remedy) && this.#oneNumber(right, node.right, remedy);
        return isGood ? this.#join([left, right], node.span) : undefined;
      }
      case 'if': {
        const test = this.shapeOf(node.test);
        const branches = this.#together([node.then, node.otherwise], node.span);
        const isGood = test && this.#oneNumber(test, node.test, 'if takes one number per cell: for rows write np.where(test, x, y)');
        const rows = isGood && branches ? this.#join([test, branches], node.span)?.rows : undefined;
        return branches && rows && { rows, type: branches.type };
      }
      case 'call':
        return this.#call(node);
      case 'index':
        return this.#index(node);
      case 'slice': {
        const from = this.shapeOf(node.target);
        if (from && typeof from.rows !== 'object') return this.#fault('expression-type', 'only a column or an expression with one value per row has rows to take, found one number', node.target.span);
        return from && typeof from.rows === 'object' ? { ...from, rows: { of: `${from.rows.of}[${sliceLength(node.start, node.stop)}]` } } : undefined;
      }
    }
  }

  #column({ name, span }: Expression & { kind: 'column' }): Found {
    if (this.#columns.includes(name)) return { rows: { of: ALL_ROWS }, type: 'float' };
    const near = nearestName(name, this.#columns);
    const rest = near ? `; did you mean ${near}?` : `; the columns are ${this.#columns.join(', ') || 'missing'}`;
    this.#tell({
      code: 'unknown-column', message: `${name} is no column of data_source.variables${rest}`, span,
      fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near }
    });
    return undefined;
  }

  #binary({ operator, left, right, span }: Expression & { kind: 'binary' }): Found {
    if (operator !== '&' && operator !== '|' && operator !== '^') {
      const both = this.#together([left, right], span);
      return both && { rows: both.rows, type: operator === '/' ? 'float' : both.type === 'boolean' ? 'integer' : both.type };
    }
    const shapes = [left, right].map(operand => ({ operand, shape: this.shapeOf(operand) }));
    const isGood = shapes.every(({ operand, shape }) => shape && this.#bits(shape, operand, operator));
    return isGood ? this.#join(shapes.map(({ shape }) => shape!), span) : undefined;
  }

  #call({ name, args, kwargs, span }: Expression & { kind: 'call' }): Found {
    if (isVector(name)) return this.#fault('expression-type', `${name} gives one number per bin: it must be the whole expression`, span);
    const shapes = args.map(arg => this.shapeOf(arg));
    if (!isReducer(name)) {
      const params = Object.values(kwargs).map(value => this.shapeOf(value));
      if ([...shapes, ...params].includes(undefined)) return undefined;
      const both = this.#join(shapes as Shape[], span);
      const type = name === 'isnan' || name === 'isfinite' || name === 'isinf' || name === 'bool' ? 'boolean' : name === 'int' ? 'integer' : KEEP_TYPE.has(name) ? both?.type : 'float';
      return both && type && { rows: both.rows, type };
    }
    const [rows] = shapes;
    if (rows && typeof rows.rows !== 'object') {
      this.#tell({ code: 'expression-type', message: `${name} takes a column or an expression with one value per row, found one number per cell`, span: args[0]!.span });
    }
    this.#params(name, kwargs, rows, span);
    return rows && typeof rows.rows === 'object' ? { rows: 'cell', type: reducedType(name, rows.type) } : undefined;
  }

  /** Parameters that are expressions; constants were checked when the call was read. */
  #params(name: FunctionName, kwargs: Readonly<Record<string, Expression>>, operand: Found, span: Span): void {
    const { params } = signatureOf(name);
    for (const [param, value] of Object.entries(kwargs)) {
      const kind = params[param];
      if (kind !== 'rows' && kind !== 'number') continue;
      const shape = this.shapeOf(value);
      if (!shape) continue;
      if (kind === 'number') this.#oneNumber(shape, value, `${param}: expected one number, found one per row`);
      else if (typeof shape.rows !== 'object') this.#tell({ code: 'param-value', message: `${param}: expected a column or an expression with one value per row, found one number`, span: value.span });
      else if (operand) this.#join([operand, shape], value.span.to > 0 ? value.span : span);
    }
  }

  #index({ target, index, span }: Expression & { kind: 'index' }): Found {
    const [from, at] = [this.shapeOf(target), this.shapeOf(index)];
    if (!from || !at) return undefined;
    if (typeof from.rows !== 'object') return this.#fault('expression-type', 'only a column or an expression with one value per row can be indexed, found one number', target.span);
    if (typeof at.rows === 'object') {
      if (at.type !== 'boolean') return this.#fault('expression-type', 'expected a mask such as h_li[s_li < 1], found one number per row', index.span);
      if (at.rows.of !== from.rows.of) return this.#fault('expression-type', 'the mask is of other rows than what it is applied to: make it from the same rows', index.span);
      return { rows: { of: `${from.rows.of}[${keyOf(index)}]` }, type: from.type };
    }
    if (at.type !== 'integer') return this.#fault('expression-type', 'expected a whole number as in h_li[0] or h_li[-1], or a mask as in h_li[s_li < 1]', index.span);
    return span && { rows: 'cell', type: from.type };
  }

  #together(operands: readonly Expression[], span: Span): Found {
    const shapes = operands.map(operand => this.shapeOf(operand));
    return shapes.includes(undefined) ? undefined : this.#join(shapes as Shape[], span);
  }

  #join(shapes: readonly Shape[], span: Span): Found {
    let rows: Shape['rows'] = 'constant';
    for (const { rows: next } of shapes) {
      if (typeof next === 'object') {
        if (typeof rows === 'object' && rows.of !== next.of) {
          return this.#fault('expression-type', 'these are values of different rows: apply the same mask to both, as in h[m] - g[m]', span);
        }
        rows = next;
      } else if (next === 'cell' && rows === 'constant') rows = next;
    }
    return { rows, type: shapes.length > 0 ? shapes.map(shape => shape.type).reduce((a, b) => joined({ type: a }, { type: b })) : 'float' };
  }

  #oneNumber({ rows }: Shape, node: Expression, message: string): boolean {
    if (typeof rows !== 'object' || this.#unit === 'row') return true;
    this.#tell({ code: 'expression-type', message, span: node.span });
    return false;
  }

  #bits({ type }: Shape, node: Expression, operator: string): boolean {
    if (type !== 'float') return true;
    const remedy = operator === '~' ? '~ turns a mask around, as in ~(s_li < 1)' : `${operator} binds tighter than comparisons: put each of them in parentheses, as in (a > 0) ${operator} (b > 0)${operator === '^' ? '' : '; bits of a dataset are tested by a filter: {dataset: PATH, bits_set: 2}'}`;
    this.#tell({ code: 'expression-type', message: `${operator} takes truth values or whole numbers. ${remedy}`, span: node.span });
    return false;
  }

  #fault(code: DiagnosticCode, message: string, span: Span): undefined {
    this.#tell({ code, message, span });
    return undefined;
  }
}

const WHOLE: ReadonlySet<string> = new Set(['len', 'count', 'size', 'argmin', 'argmax', 'nanargmin', 'nanargmax', 'count_nonzero']);
/** Results have the type of the operands. */
const KEEP_TYPE: ReadonlySet<string> = new Set(['min', 'max', 'nanmin', 'nanmax', 'sum', 'nansum', 'prod', 'nanprod', 'ptp', 'abs', 'sign', 'square', 'power', 'minimum', 'maximum', 'fmin', 'fmax', 'fmod', 'where', 'floor', 'ceil', 'trunc', 'round']);

function reducedType(name: ReducerName, type: Shape['type']): Shape['type'] {
  if (WHOLE.has(name)) return 'integer';
  if (name === 'any' || name === 'all') return 'boolean';
  if (!KEEP_TYPE.has(name)) return 'float';
  // Counting truth values gives a number of them.
  return type === 'boolean' && /sum|prod/.test(name) ? 'integer' : type;
}

function joined({ type: a }: Pick<Shape, 'type'>, { type: b }: Pick<Shape, 'type'>): Shape['type'] {
  if (a === 'float' || b === 'float') return 'float';
  return a === 'integer' || b === 'integer' ? 'integer' : 'boolean';
}

/** Two masks written alike choose the same rows, wherever they stand. */
const keyOf = (node: Expression): string => JSON.stringify(node, (key, value: unknown) => (key === 'span' ? undefined : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value));
