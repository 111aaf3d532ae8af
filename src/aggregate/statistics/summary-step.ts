import { MaggError } from '../../base/index.js';
import { rowsOf, type Node, type SummaryName } from './graph.js';
import type { Step } from './memory.js';
import type { QuantileRule } from './quantile-rule.js';
import { Quantiles } from './quantiles.js';
import { NO_FLOATS, roomyFloats } from './scratch.js';
import { extremesAndSums, squaredDeviations, sums } from './summary-kernels.js';

export type SummaryNode = Extract<Node, { readonly kind: 'summary' }>;

/**
 * All wanted statistics of one row vector: a pass for the sum, with smallest and largest if something needs them, then a
 * pass for squared deviations and quantiles. What nobody asked for but is needed on the way stays in the step's memory.
 */
export function summaryStep(wanted: readonly SummaryNode[]): Step {
  const source = wanted[0]?.source;
  if (!source) throw new MaggError('internal', 'expected at least one statistic in a summary');
  const domain = rowsOf(source).id;
  const idOf = (name: SummaryName): number | undefined => wanted.find(node => node.name === name)?.id;
  const ids = { min: idOf('min'), max: idOf('max'), sum: idOf('sum'), squares: idOf('squares') };
  const own = { min: NO_FLOATS, max: NO_FLOATS, sum: NO_FLOATS, squares: NO_FLOATS };
  const ruled = wanted
    .flatMap(node => (node.rule ? [{ id: node.id, rule: node.rule }] : []))
    .sort((a, b) => a.rule.q - b.rule.q);
  const rules: QuantileRule[] = ruled.map(({ rule }) => rule);
  const quantiles = rules.length > 0 ? new Quantiles(rules) : undefined;
  const needsExtremes = ids.min !== undefined || ids.max !== undefined || quantiles !== undefined;
  return {
    reads: [source],
    makes: wanted,
    run({ values, groups, longest }) {
      const x = values[source.id]!;
      const group = groups[domain]!;
      const place = (name: keyof typeof ids): Float64Array => {
        const id = ids[name];
        return id === undefined ? (own[name] = roomyFloats(own[name], group.count)) : values[id]!;
      };
      const total = place('sum');
      if (needsExtremes) extremesAndSums(x, group, place('min'), place('max'), total);
      else sums(x, group, total);
      if (quantiles) {
        quantiles.run(x, group, longest, place('min'), place('max'), total, place('squares'), ruled.map(({ id }) => values[id]!));
      } else if (ids.squares !== undefined) squaredDeviations(x, group, total, place('squares'));
    }
  };
}
