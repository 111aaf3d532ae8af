import { isReducer, isVector, type ElementwiseName } from '../../config/index.js';
import { invalid, operandsOf, type Call } from './arguments.js';
import type { Node } from './graph.js';
import { lower, lowerPower, type Lowering } from './lower.js';
import { lowerReducer } from './lower-reducer.js';

export function lowerCall(call: Call, to: Lowering): Node {
  if (isVector(call.name)) throw invalid(call.name, 'expected it as the whole expression, since it gives one number per bin');
  return isReducer(call.name) ? lowerReducer(call.name, call, to) : lowerElementwise(call.name, call, to);
}

function lowerElementwise(name: ElementwiseName, call: Call, to: Lowering): Node {
  const { graph } = to;
  const operands = operandsOf(call).map(operand => lower(operand, to));
  switch (name) {
    case 'power':
      return lowerPower(operands[0]!, operands[1]!, graph);
    case 'round': {
      const { decimals } = call.kwargs;
      return graph.map('round', operands[0]!, decimals ? lower(decimals, to) : graph.constant(0, 'integer'));
    }
    default:
      return graph.map(name, ...operands);
  }
}
