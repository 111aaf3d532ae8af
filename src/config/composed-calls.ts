import type { WrittenCall } from './bind-call.js';
import { constantValue } from './constant-value.js';
import type { Expression, Span } from './expression.js';
import type { Tell } from './expression-problem.js';
import { nearestName } from './nearest-name.js';

/** Functions of numpy that are written in terms of others. */
export type ComposedName = 'clip' | 'isin' | 'dot' | 'nan_to_num' | 'reciprocal' | 'diff' | 'select' | 'same' | 'linspace' | 'arange';

interface Parameters {
  /** In numpy's order; the first `required` must be there. */
  readonly names: readonly string[];
  readonly required: number;
  readonly aliases?: Readonly<Record<string, string>>;
}
const PARAMETERS: Readonly<Record<ComposedName, Parameters>> = {
  clip: { names: ['a', 'a_min', 'a_max'], required: 1, aliases: { min: 'a_min', max: 'a_max' } },
  isin: { names: ['element', 'test_elements'], required: 2 },
  dot: { names: ['a', 'b'], required: 2 },
  nan_to_num: { names: ['x', 'copy', 'nan', 'posinf', 'neginf'], required: 1 },
  reciprocal: { names: ['x'], required: 1 },
  diff: { names: ['a', 'n', 'axis'], required: 1 },
  select: { names: ['condlist', 'choicelist', 'default'], required: 2 },
  same: { names: ['a', 'dtype'], required: 1 },
  linspace: { names: ['start', 'stop', 'num', 'endpoint'], required: 2 },
  arange: { names: ['start', 'stop', 'step'], required: 1 }
};
/** Values that a list in a call may have. */
const MOST_ITEMS = 256;
/** Edges of a histogram. */
export const MOST_EDGES = 10_001;
const MOST_DIFFERENCES = 4;

type Given = Readonly<Record<string, Expression | null>>;

/** The tree of a call in terms of other functions. Undefined when something was told. */
export function bindComposed(call: WrittenCall, name: ComposedName, tell: Tell): Expression | undefined {
  const given = readArguments(call, PARAMETERS[name], tell);
  if (!given) return undefined;
  const { span, shown } = call;
  const refuse = (message: string, at: Span = call.nameSpan): undefined => {
    tell({ code: 'param-value', message: `${shown}: ${message}`, span: at });
    return undefined;
  };
  switch (name) {
    case 'clip':
      return clip(given, span);
    case 'isin': {
      const items = itemsOf(given.test_elements);
      if (!items || items.length === 0 || items.length > MOST_ITEMS) return refuse(`expected a list of 1 to ${MOST_ITEMS} values, as in np.isin(flag, [0, 1])`, given.test_elements?.span);
      return items.map((right): Expression => ({ kind: 'compare', operator: '==', left: given.element!, right, span })).reduce((left, right) => ({ kind: 'binary', operator: '|', left, right, span }));
    }
    case 'dot':
      return { kind: 'call', name: 'sum', args: [{ kind: 'binary', operator: '*', left: given.a!, right: given.b!, span }], kwargs: {}, span };
    case 'nan_to_num':
      return nanToNumber(given, span);
    case 'reciprocal':
      return { kind: 'binary', operator: '/', left: number(1, span), right: given.x!, span };
    case 'diff': {
      const times = given.n ? constantValue(given.n) : 1;
      if (times === undefined || !Number.isInteger(times) || times < 1 || times > MOST_DIFFERENCES) return refuse(`expected n as a whole number from 1 to ${MOST_DIFFERENCES}`, given.n?.span);
      let values = given.a!;
      for (let i = 0; i < times; i++) values = { kind: 'binary', operator: '-', left: { kind: 'slice', target: values, start: 1, stop: undefined, span }, right: { kind: 'slice', target: values, start: 0, stop: -1, span }, span };
      return values;
    }
    case 'select': {
      const [tests, choices] = [itemsOf(given.condlist), itemsOf(given.choicelist)];
      if (!tests || tests.length === 0 || tests.length !== choices?.length || tests.length > MOST_ITEMS) return refuse('expected a list of tests and one of as many values, as in np.select([h < 1, h < 2], [0, 1], default=2)');
      return tests.reduceRight((otherwise: Expression, test, i) => ({ kind: 'call', name: 'where', args: [test, choices[i]!, otherwise], kwargs: {}, span }), given.default ?? number(0, span));
    }
    case 'same':
      return given.a!;
    case 'linspace':
    case 'arange':
      return series(name, given, span, refuse);
  }
}

function readArguments(call: WrittenCall, { names, required, aliases = {} }: Parameters, tell: Tell): Given | undefined {
  const given: Record<string, Expression | null> = {};
  let isGood = true;
  call.args.forEach(({ name: keyword, value, span }, position) => {
    const name = keyword === undefined ? names[position] : Object.hasOwn(aliases, keyword) ? aliases[keyword] : names.includes(keyword) ? keyword : undefined;
    if (name !== undefined && !Object.hasOwn(given, name)) {
      given[name] = value;
      return;
    }
    isGood = false;
    const near = keyword === undefined || name !== undefined ? undefined : nearestName(keyword, [...names, ...Object.keys(aliases)]);
    const what = name !== undefined ? `is given ${name} twice` : keyword === undefined ? `takes ${counted(required, names.length)}, found ${call.args.length}` : `takes no parameter ${keyword}; it takes ${names.join(', ')}`;
    tell({
      code: name === undefined && keyword !== undefined ? 'unknown-param' : 'expression-arity', message: `${call.shown} ${what}${near === undefined ? '' : `; did you mean ${near}?`}`, span,
      fix: near === undefined ? undefined : { title: `Change to ${near}`, replacement: near }
    });
  });
  const absent = names.slice(0, required).find(name => !given[name]);
  if (isGood && absent !== undefined) {
    isGood = false;
    tell({ code: 'expression-arity', message: `${call.shown} takes ${counted(required, names.length)} (${names.join(', ')}), found ${call.args.length}`, span: call.nameSpan });
  }
  return isGood ? given : undefined;
}

const counted = (least: number, most: number): string => (least === most ? `${most} ${most === 1 ? 'argument' : 'arguments'}` : `${least} to ${most} arguments`);
const number = (value: number, span: Span): Expression => ({ kind: 'number', value, span });
const itemsOf = (node: Expression | null | undefined): readonly Expression[] | undefined => (node?.kind === 'list' ? node.items : undefined);

function clip({ a, a_min: low, a_max: high }: Given, span: Span): Expression {
  const raised: Expression = low ? { kind: 'call', name: 'maximum', args: [a!, low], kwargs: {}, span } : a!;
  return high ? { kind: 'call', name: 'minimum', args: [raised, high], kwargs: {}, span } : raised;
}

function nanToNumber({ x, nan, posinf, neginf }: Given, span: Span): Expression {
  const where = (test: Expression, then: Expression, otherwise: Expression): Expression => ({ kind: 'call', name: 'where', args: [test, then, otherwise], kwargs: {}, span });
  const is = (value: number): Expression => ({ kind: 'compare', operator: '==', left: x!, right: number(value, span), span });
  const infinite = where(is(Infinity), posinf ?? number(Number.MAX_VALUE, span), where(is(-Infinity), neginf ?? number(-Number.MAX_VALUE, span), x!));
  return where({ kind: 'call', name: 'isnan', args: [x!], kwargs: {}, span }, nan ?? number(0, span), infinite);
}

/** np.linspace and np.arange of constants, computed as numpy does. */
function series(name: 'linspace' | 'arange', given: Given, span: Span, refuse: (message: string, at?: Span) => undefined): Expression | undefined {
  const constants: Record<string, number> = {};
  for (const [param, value] of Object.entries(given)) {
    const constant = value ? constantValue(value) : undefined;
    if (value && (constant === undefined || !Number.isFinite(constant))) return refuse(`expected ${param} as a number`, value.span);
    if (constant !== undefined) constants[param] = constant;
  }
  const { start = 0, stop } = constants;
  const values = name === 'arange' ? arange(stop === undefined ? 0 : start, stop ?? start, constants.step ?? 1) : linspace(start, stop ?? 0, constants.num ?? 50, constants.endpoint !== 0);
  if (!values) return refuse(`expected 1 to ${MOST_EDGES} values`);
  return { kind: 'list', items: values.map(value => number(value, span)), span };
}

/** Undefined: none, too many, or not a whole number of values. */
export function linspace(start: number, stop: number, count: number, endpoint = true): readonly number[] | undefined {
  if (!Number.isInteger(count) || count < 1 || count > MOST_EDGES) return undefined;
  const parts = endpoint ? count - 1 : count;
  const step = (stop - start) / parts;
  const values = Array.from({ length: count }, (_, i) => (parts === 0 ? 0 : step === 0 ? (i / parts) * (stop - start) : i * step) + start);
  if (endpoint && count > 1) values[count - 1] = stop;
  return values;
}

function arange(start: number, stop: number, step: number): readonly number[] | undefined {
  const count = Math.ceil((stop - start) / step);
  if (!(count >= 1 && count <= MOST_EDGES)) return undefined;
  // numpy takes the step from the first two values.
  const delta = start + step - start;
  return Array.from({ length: count }, (_, i) => start + i * delta);
}
