import { REDUCERS, type ElementwiseName, type Expression, type FunctionName, type ReducerName } from '../../config/index.js';
import { bindArguments, invalid, type Call } from './arguments.js';
import type { Node } from './graph.js';
import { lower, lowerPower, type Lowering } from './lower.js';
import { lowerReducer } from './lower-reducer.js';

const reducers: ReadonlySet<string> = new Set(REDUCERS);

export function lowerCall(call: Call, to: Lowering): Node {
  return isReducer(call.name) ? lowerReducer(call.name, call, to) : lowerElementwise(call.name, call, to);
}

function isReducer(name: FunctionName): name is ReducerName {
  return reducers.has(name);
}

function lowerElementwise(name: ElementwiseName, call: Call, to: Lowering): Node {
  const { graph } = to;
  switch (name) {
    case 'where': {
      const [test, then, otherwise] = operands(call, ['condition', 'x', 'y'], to);
      return graph.map('where', test!, then!, otherwise!);
    }
    case 'power': {
      const [base, exponent] = operands(call, ['x1', 'x2'], to);
      return lowerPower(base!, exponent!, graph);
    }
    case 'arctan2':
    case 'hypot':
    case 'minimum':
    case 'maximum':
      return graph.map(name, ...operands(call, ['x1', 'x2'], to));
    case 'round':
      return lowerRound(call, to);
    default:
      return graph.map(name, ...operands(call, ['x'], to));
  }
}

function lowerRound(call: Call, to: Lowering): Node {
  const bound = bindArguments(call, ['a', 'decimals'], ['ndigits']);
  const decimals = bound.get('decimals') ?? bound.get('ndigits');
  return to.graph.map('round', required(call, bound, 'a', to), decimals ? lower(decimals, to) : to.graph.constant(0, 'integer'));
}

function operands(call: Call, names: readonly string[], to: Lowering): readonly Node[] {
  const bound = bindArguments(call, names);
  return names.map(name => required(call, bound, name, to));
}

function required(call: Call, bound: ReadonlyMap<string, Expression>, name: string, to: Lowering): Node {
  const argument = bound.get(name);
  if (!argument) throw invalid(call.name, `the argument "${name}" is missing: add it`);
  return lower(argument, to);
}
