import { bindComposed } from './composed-calls.js';
import { constantValue } from './constant-value.js';
import type { Expression, Span } from './expression.js';
import type { ExpressionProblem, Tell } from './expression-problem.js';
import { explainUnknown, meaningOf, METHODS, type Meaning } from './function-names.js';
import { QUANTILE_METHODS, signatureOf, type FunctionName, type ParamKind, type Signature } from './functions.js';
import { readEdges } from './histogram-edges.js';
import { nearestName } from './nearest-name.js';

export interface Argument {
  /** Of a keyword argument. */
  readonly name: string | undefined;
  /** Null: None, as if the argument were not there. */
  readonly value: Expression | null;
  /** The keyword, or the argument where it has none. */
  readonly span: Span;
}

export interface WrittenCall {
  /** With its module: `np.mean`. */
  readonly name: string;
  /** As written: a method has no module. */
  readonly shown: string;
  readonly nameSpan: Span;
  readonly args: readonly Argument[];
  readonly span: Span;
}

/** numpy's older or other names of keyword arguments. */
const KEYWORDS: Readonly<Record<string, string>> = { interpolation: 'method', correction: 'ddof', ndigits: 'decimals' };
/** numpy's names of the first operand. */
const OPERAND_NAMES: ReadonlySet<string> = new Set(['a', 'y', 'arr']);

/** The tree of a call, its arguments put where the signature wants them. Undefined when something was told. */
export function bindCall(call: WrittenCall, tell: Tell, meaning: Meaning | undefined = meaningOf(call.name)): Expression | undefined {
  if (!meaning) return unknownFunction(call, tell);
  if (meaning.kind === 'function') return bindFunction(call, meaning.name, meaning.preset ?? {}, tell);
  if (meaning.kind === 'least') {
    const isReduction = call.args.length === 1 || call.args.some(arg => arg.name !== undefined);
    if (isReduction) return bindFunction(call, meaning.name, {}, tell);
    const operands = positional(call, tell);
    if (operands?.length === 0) return wrongCount(call, 'at least one argument', tell);
    const name = meaning.name === 'min' ? 'minimum' : 'maximum';
    return operands?.reduce((left, right) => ({ kind: 'call', name, args: [left, right], kwargs: {}, span: call.span }));
  }
  if (meaning.kind === 'composed') return bindComposed(call, meaning.name, tell);
  const operands = positional(call, tell);
  return operands && bindOperator(call, meaning, operands, tell);
}

function bindOperator(call: WrittenCall, meaning: Exclude<Meaning, { kind: 'function' | 'least' | 'composed' }>, operands: readonly Expression[], tell: Tell): Expression | undefined {
  const { span } = call;
  const [left, right] = operands;
  const wanted = meaning.kind === 'unary' || (meaning.kind === 'truth' && meaning.operator === '~') ? 1 : 2;
  if (operands.length !== wanted) return wrongCount(call, `${wanted} ${wanted === 1 ? 'argument' : 'arguments'}`, tell);
  const truth = (operand: Expression): Expression => ({ kind: 'call', name: 'bool', args: [operand], kwargs: {}, span: operand.span });
  switch (meaning.kind) {
    case 'arithmetic':
      return { kind: 'binary', operator: meaning.operator, left: left!, right: right!, span };
    case 'compare':
      return { kind: 'compare', operator: meaning.operator, left: left!, right: right!, span };
    case 'unary':
      return { kind: 'unary', operator: meaning.operator, operand: left!, span };
    case 'truth':
      return meaning.operator === '~'
        ? { kind: 'unary', operator: '~', operand: truth(left!), span }
        : { kind: 'binary', operator: meaning.operator, left: truth(left!), right: truth(right!), span };
  }
}

function bindFunction(call: WrittenCall, name: FunctionName, preset: Readonly<Record<string, number | string>>, tell: Tell): Expression | undefined {
  const signature = signatureOf(name);
  const operands: Expression[] = [];
  const kwargs: Record<string, Expression> = {};
  let isGood = true;
  const fault = (problem: ExpressionProblem): void => {
    isGood = false;
    tell(problem);
  };
  for (const [param, value] of Object.entries(preset)) {
    kwargs[param] = typeof value === 'number' ? { kind: 'number', value, span: call.nameSpan } : { kind: 'text', value, span: call.nameSpan };
  }
  let position = 0;
  for (const { name: keyword, value, span } of call.args) {
    const isOperand = keyword === undefined ? position++ < signature.operands : operands.length === 0 && OPERAND_NAMES.has(keyword);
    if (isOperand) {
      if (value) operands.push(value);
      else fault({ code: 'expression-type', message: `${call.shown} needs a value here, found None`, span });
      continue;
    }
    const param = keyword === undefined ? signature.positional[position - 1 - signature.operands] : (KEYWORDS[keyword] ?? keyword);
    if (param === undefined) {
      fault({ code: 'expression-arity', message: `${call.shown} takes ${takes(signature)}, found ${call.args.length}`, span });
    } else if (param === 'axis' || param === 'keepdims') {
      const message = neutralProblem(param, value, call.shown);
      if (message) fault({ code: 'param-value', message, span: value?.span ?? span });
    } else if (!Object.hasOwn(signature.params, param) || Object.hasOwn(preset, param)) {
      fault(unknownParam(call.shown, keyword ?? param, signature, preset, span));
    } else if (Object.hasOwn(kwargs, param)) {
      fault({ code: 'expression-arity', message: `${call.shown} is given ${param} twice`, span });
    } else if (value) {
      const given = single(value, signature.params[param]);
      const problem = paramProblem(param, signature.params[param]!, given);
      if (problem) fault({ ...problem, span: value.span });
      const constant = constantValue(given);
      kwargs[param] = constant === undefined || given.kind === 'boolean' ? given : { kind: 'number', value: constant, span: given.span };
    }
  }
  if (operands.length < signature.operands && isGood) {
    const hint = name === 'where' && operands.length === 1 ? ': write np.where(test, x, y), or h_li[test] for the rows where it holds' : '';
    fault({ code: 'expression-arity', message: `${call.shown} takes ${takes(signature)}, found ${operands.length}${hint}`, span: call.nameSpan });
  }
  for (const param of signature.required) {
    // A wrong argument may be the one that is missing.
    if (isGood && !Object.hasOwn(kwargs, param)) fault({ code: 'missing-param', message: `${call.shown} needs ${param}: ${example(name, signature.params[param]!)}`, span: call.nameSpan });
  }
  if (isGood && name === 'histogram') {
    const edges = readEdges(kwargs.bins, kwargs.range);
    if ('message' in edges) fault({ code: 'param-value', message: edges.message, span: edges.span ?? call.nameSpan });
  }
  if (!isGood) return undefined;
  const [first] = operands;
  if (first?.kind === 'list' && operands.length === 1) return ofList(call, name, first.items, kwargs, tell);
  if (name === 'float' && first?.kind === 'text' && FLOAT_TEXTS[first.value.toLowerCase()] !== undefined) return { kind: 'number', value: FLOAT_TEXTS[first.value.toLowerCase()]!, span: call.span };
  // The mean is what numpy's average is without weights.
  const canonical = name === 'average' && !Object.hasOwn(kwargs, 'weights') ? 'mean' : name;
  return { kind: 'call', name: canonical, args: operands, kwargs, span: call.span };
}

/** Python's float("nan") and so on. */
const FLOAT_TEXTS: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '+inf': Infinity, '-inf': -Infinity, infinity: Infinity, '-infinity': -Infinity };

/** The least, greatest, sum or mean of some numbers per cell: `np.max([h_li.max(), 0])`. */
function ofList(call: WrittenCall, name: FunctionName, items: readonly Expression[], kwargs: object, tell: Tell): Expression | undefined {
  const { span } = call;
  const fold = (join: (left: Expression, right: Expression) => Expression): Expression => items.reduce(join);
  const add = (left: Expression, right: Expression): Expression => ({ kind: 'binary', operator: '+', left, right, span });
  if (items.length > 0 && Object.keys(kwargs).length === 0) {
    if (name === 'min' || name === 'max') {
      const pair = name === 'min' ? 'minimum' : 'maximum';
      return fold((left, right) => ({ kind: 'call', name: pair, args: [left, right], kwargs: {}, span }));
    }
    if (name === 'sum') return fold(add);
    if (name === 'mean' || name === 'average') return { kind: 'binary', operator: '/', left: fold(add), right: { kind: 'number', value: items.length, span }, span };
  }
  tell({ code: 'expression-type', message: `${call.shown} takes a column or an expression with one value per row, found a list of ${items.length}`, span: call.args[0]?.value?.span ?? span });
  return undefined;
}

function unknownFunction({ name, shown, nameSpan }: WrittenCall, tell: Tell): undefined {
  const isMethod = shown !== name;
  const { message, near } = explainUnknown(shown, isMethod ? METHODS : undefined);
  tell({ code: 'unknown-function', message, span: nameSpan, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near } });
  return undefined;
}

function positional(call: WrittenCall, tell: Tell): Expression[] | undefined {
  const operands: Expression[] = [];
  for (const { name, value, span } of call.args) {
    if (name === undefined && value) operands.push(value);
    else {
      tell(name === undefined
        ? { code: 'expression-type', message: `${call.shown} needs a value here, found None`, span }
        : { code: 'unknown-param', message: `${call.shown} takes no argument ${name}`, span });
      return undefined;
    }
  }
  return operands;
}

function wrongCount(call: WrittenCall, wanted: string, tell: Tell): undefined {
  tell({ code: 'expression-arity', message: `${call.shown} takes ${wanted}, found ${call.args.length}`, span: call.nameSpan });
  return undefined;
}

/** Cells have one axis, so that numpy's axis can only be that one. */
function neutralProblem(param: 'axis' | 'keepdims', value: Expression | null, shown: string): string | undefined {
  if (value === null) return undefined;
  const constant = constantValue(value);
  if (param === 'axis') return constant === 0 || constant === -1 ? undefined : `${shown}: the rows of a cell have one axis; leave axis out, or write axis=0`;
  return constant === 0 ? undefined : `${shown}: the result is one number; leave keepdims out`;
}

function unknownParam(shown: string, keyword: string, signature: Signature, preset: object, span: Span): ExpressionProblem {
  const known = Object.keys(signature.params).filter(name => !Object.hasOwn(preset, name));
  const near = nearestName(keyword, known);
  const rest = near ? `; did you mean ${near}?` : known.length > 0 ? `; it takes ${known.join(' and ')}` : '; it takes none';
  return { code: 'unknown-param', message: `${shown} takes no parameter ${keyword}${rest}`, span, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near } };
}

/** `[0.5]` is 0.5. */
const single = (value: Expression, kind?: ParamKind): Expression => (kind !== 'bins' && kind !== 'range' && value.kind === 'list' && value.items.length === 1 ? value.items[0]! : value);

function paramProblem(param: string, kind: ParamKind, value: Expression): Pick<ExpressionProblem, 'code' | 'message' | 'fix'> | undefined {
  // Looked at together, once both are known.
  if (kind === 'bins' || kind === 'range') return undefined;
  if (value.kind === 'list') return { code: 'param-value', message: `${param}: expected one value, found a list of ${value.items.length}: a variable holds one number per cell; write one variable for each` };
  if (kind === 'method') return methodProblem(param, value);
  if (value.kind === 'text') return { code: 'param-value', message: `${param}: expected ${KIND_WORDS[kind]}, found the text "${value.value}"` };
  if (kind === 'rows' || kind === 'number') return undefined;
  if (kind === 'flag') return value.kind === 'boolean' ? undefined : { code: 'param-value', message: `${param}: expected ${KIND_WORDS.flag}` };
  const constant = constantValue(value);
  const isGood = constant !== undefined && IN_RANGE[kind](constant);
  return isGood ? undefined : { code: 'param-value', message: `${param}: expected ${KIND_WORDS[kind]}, found ${constant ?? 'an expression over columns'}` };
}

const IN_RANGE: Readonly<Record<Exclude<ParamKind, 'method' | 'rows' | 'number' | 'bins' | 'range' | 'flag'>, (value: number) => boolean>> = {
  fraction: value => value >= 0 && value <= 1,
  percent: value => value >= 0 && value <= 100,
  'degrees-of-freedom': value => Number.isFinite(value),
  whole: value => Number.isSafeInteger(value) && Math.abs(value) <= 300
};
const KIND_WORDS: Readonly<Record<Exclude<ParamKind, 'method' | 'bins' | 'range'>, string>> = {
  fraction: 'a number from 0 to 1', percent: 'a number from 0 to 100', 'degrees-of-freedom': 'a number, usually 0 or 1',
  whole: 'a whole number from -300 to 300', number: 'a number', rows: 'a column or an expression with one value per row', flag: 'True or False'
};

function methodProblem(param: string, value: Expression): Pick<ExpressionProblem, 'code' | 'message' | 'fix'> | undefined {
  const given = value.kind === 'text' ? value.value : value.kind === 'column' ? value.name : undefined;
  if (value.kind === 'text' && (QUANTILE_METHODS as readonly string[]).includes(value.value)) return undefined;
  const near = given === undefined ? undefined : nearestName(given, QUANTILE_METHODS);
  const message = `${param}: expected one of ${QUANTILE_METHODS.map(name => `"${name}"`).join(', ')}, found ${given === undefined ? 'no text' : `"${given}"`}`;
  return { code: 'param-value', message, fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: `"${near}"` } };
}

const takes = ({ operands, positional: more }: Signature): string => {
  const most = operands + more.length;
  return most === operands ? `${operands} ${operands === 1 ? 'argument' : 'arguments'}` : `${operands} to ${most} arguments`;
};

const example = (name: FunctionName, kind: ParamKind): string => (kind === 'bins' ? 'the edges, as in bins: [0, 10, 20], or their number and a range' : kind === 'percent' ? `np.${name}(h_li, q=25), or params: {q: 25}` : `np.${name}(h_li, q=0.25), or params: {q: 0.25}`);
