import { overviewRule, trustIn } from '../aggregate/index.js';
import type { PipelineConfig } from '../config/index.js';
import type { PlanResult } from './plan.js';

/** What to tell where overviews coarser than the parents will have no value of some variables. Undefined where they have all. */
export function emptyOverviewsNotice({ variables, overviews }: Pick<PipelineConfig, 'variables' | 'overviews'>, parentOrder: number): PlanResult['notices'][number] | undefined {
  const coarse = overviews.filter(order => order < parentOrder);
  const empty = variables.filter(variable => trustIn(overviewRule(variable, variables)) === 'not-composable').map(({ name }) => name);
  if (coarse.length === 0 || empty.length === 0) return undefined;
  const where = coarse.length === 1 ? `the overview of order ${coarse[0]}, which is` : `the overviews of the orders ${coarse.join(', ')}, which are`;
  return {
    tag: 'overviews-without-values',
    message: `${where} coarser than the parent order ${parentOrder}, ${coarse.length === 1 ? 'has' : 'have'} no values of ${empty.join(', ')}: they do not follow from those of finer cells. Overviews of order ${parentOrder} and finer have them; if coarser ones need them, lower output.grid.parent_order`
  };
}
