import { MaggError } from '../../base/index.js';
import type { Expression, FunctionName } from '../../config/index.js';

/** A parsed call: its operands in `args`, every parameter in `kwargs` under numpy's name. */
export type Call = Extract<Expression, { readonly kind: 'call' }>;

/**
 * The operands, `count` of them. A parsed config holds no other calls: this guards against trees of another origin.
 *
 * @throws MaggError `expression-invalid` for another number of operands and for parameters not in `params`
 */
export function operandsOf(call: Call, count: number, params: readonly string[]): readonly Expression[] {
  if (call.args.length !== count) throw invalid(call.name, `expected ${count} operands, found ${call.args.length}`);
  for (const param of Object.keys(call.kwargs)) {
    if (!params.includes(param)) throw invalid(call.name, `expected ${params.join(', ') || 'no parameter'}, found "${param}": remove it`);
  }
  return call.args;
}

export function invalid(name: FunctionName | 'expression', message: string): MaggError {
  return new MaggError('expression-invalid', `${name}: ${message}`);
}
