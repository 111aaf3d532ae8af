import { REDUCERS, type ElementwiseName, type FunctionName, type ReducerName } from '../../config/index.js';
import { operandsOf, type Call } from './arguments.js';
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
  const operands = (count: number, params: readonly string[] = []): readonly Node[] => operandsOf(call, count, params).map(operand => lower(operand, to));
  switch (name) {
    case 'power': {
      const [base, exponent] = operands(2);
      return lowerPower(base!, exponent!, graph);
    }
    case 'round': {
      const [number] = operands(1, ['decimals']);
      const { decimals } = call.kwargs;
      return graph.map('round', number!, decimals ? lower(decimals, to) : graph.constant(0, 'integer'));
    }
    case 'where':
      return graph.map(name, ...operands(3));
    case 'arctan2':
    case 'hypot':
    case 'minimum':
    case 'maximum':
      return graph.map(name, ...operands(2));
    default:
      return graph.map(name, ...operands(1));
  }
}
