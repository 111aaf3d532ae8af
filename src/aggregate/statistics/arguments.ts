import { MaggError } from '../../base/index.js';
import { signatureOf, type Expression, type FunctionName } from '../../config/index.js';

/** A parsed call: its operands in `args`, every parameter in `kwargs` under numpy's name. */
export type Call = Extract<Expression, { readonly kind: 'call' }>;

/**
 * The operands of a call. The parser lets no other calls through: this guards against trees of another origin.
 *
 * @throws MaggError `expression-invalid` for another number of operands or other parameters than the function has
 */
export function operandsOf(call: Call): readonly Expression[] {
  const { operands, params } = signatureOf(call.name);
  if (call.args.length !== operands) throw invalid(call.name, `expected ${operands} operands, found ${call.args.length}`);
  for (const param of Object.keys(call.kwargs)) {
    if (!Object.hasOwn(params, param)) throw invalid(call.name, `expected ${Object.keys(params).join(', ') || 'no parameter'}, found "${param}": remove it`);
  }
  return call.args;
}

export function invalid(name: FunctionName | 'expression', message: string): MaggError {
  return new MaggError('expression-invalid', `${name}: ${message}`);
}
