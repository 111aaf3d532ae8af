import { MaggError } from '../../base/index.js';
import type { Expression, FunctionName } from '../../config/index.js';

export type Call = Extract<Expression, { readonly kind: 'call' }>;

/**
 * The arguments of a call by name: positional ones take the names in `positional`, keywords must be among these or in
 * `keywords`. An `axis` other than the one that a column has is refused.
 */
export function bindArguments(call: Call, positional: readonly string[], keywords: readonly string[] = []): ReadonlyMap<string, Expression> {
  const bound = new Map<string, Expression>();
  if (call.args.length > positional.length) {
    throw invalid(call.name, `expected at most ${positional.length} arguments (${positional.join(', ')}), found ${call.args.length}`);
  }
  call.args.forEach((argument, i) => bound.set(positional[i]!, argument));
  for (const [name, argument] of Object.entries(call.kwargs)) {
    if (bound.has(name)) throw invalid(call.name, `the argument "${name}" is given twice: remove one`);
    if (!positional.includes(name) && !keywords.includes(name)) {
      throw invalid(call.name, `expected the arguments ${[...positional, ...keywords].join(', ')}, found "${name}": remove it`);
    }
    bound.set(name, argument);
  }
  return bound;
}

export function invalid(name: FunctionName | 'expression', message: string): MaggError {
  return new MaggError('expression-invalid', `${name}: ${message}`);
}
