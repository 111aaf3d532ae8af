import type { ObjectStore } from '../../io/index.js';
import { preview, type Backend, type CellState, type JournalFiles, type PlanResult, type RunEvent } from '../../runner/index.js';
import type { CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { formatCount, formatNumber } from './summary-text.js';

export interface DryRun {
  readonly planned: PlanResult;
  readonly store: ObjectStore;
  readonly journal: JournalFiles;
  readonly overwrite: boolean;
  readonly allowShrink: boolean;
  readonly backend: Backend;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly json: boolean;
}

const STATES = ['new', 'unfinished', 'changed', 'shrinking', 'current'] as const;

/** `magg run --dry-run`: what would be computed from how many granules, and why. Reads coordinates when nothing else has the cells. */
export async function dryRun({ planned: { plan, notices }, store, journal, overwrite, allowShrink, backend, signal, onEvent, json }: DryRun, { out }: CliHost): Promise<ExitCode> {
  for (const notice of notices) onEvent({ type: 'run-notice', ...notice });
  const { plan: complete, found, cells, untouched } = await preview({ plan, store, journal, overwrite, backend }, { signal, onEvent });
  const counts = cells.map(({ cell }) => cell.granules.length);
  const states = Object.fromEntries(STATES.map(name => [name, cells.filter(({ state }) => state.state === name).length])) as Record<CellState['state'], number>;
  const facts = {
    dry_run: true,
    total_cells: cells.length,
    granules_per_cell_min: counts.reduce((a, b) => Math.min(a, b), Infinity),
    granules_per_cell_max: counts.reduce((a, b) => Math.max(a, b), 0),
    granules_per_cell_avg: counts.reduce((a, b) => a + b, 0) / counts.length,
    store_path: store.name,
    store_exists: found !== 'new',
    states
  };
  const wouldRun = states.shrinking === 0 || allowShrink;
  if (json) {
    const list = cells.map(({ cell, state: { state, settings, added, changed, removed } }) => ({
      cell: cell.morton, granules: cell.granules.map(g => complete.granules[g]!.id), state,
      because: { settings, granules_added: added, granules_changed: changed, granules_removed: removed }
    }));
    out(`${JSON.stringify({ ...facts, would_run: wouldRun, cells_untouched: untouched, cells: list })}\n`);
    return wouldRun ? EXIT.ok : EXIT.refused;
  }
  out(
    `${formatCount(cells.length, 'cell')} of order ${plan.parentOrder}, ${formatCount(plan.granules.length, 'granule')}, ${perCell(facts)}\n`
  );
  for (const { cell, state } of cells) out(`  ${cell.morton}  ${formatCount(cell.granules.length, 'granule')}  ${stateText(state)}${cell.granules.length === 0 && state.state === 'new' ? ': no granule of this plan is in it, it would be empty' : ''}\n`);
  if (untouched > 0) out(`${formatCount(untouched, 'cell')} of the store ${untouched === 1 ? 'is' : 'are'} not in this plan and would stay as ${untouched === 1 ? 'it is' : 'they are'}\n`);
  const parts = STATES.filter(name => states[name] > 0).map(name => `${formatNumber(states[name])} ${name}`).join(', ');
  if (!wouldRun) out(`would be refused: ${parts}; add the granules that are missing, or compute the cells from what is left with --allow-shrink\n`);
  else out(`would ${{ new: 'write', replaced: 'replace the group in', continued: 'continue' }[found]} ${store.name}: ${parts}\n`);
  return wouldRun ? EXIT.ok : EXIT.refused;
}

function perCell(facts: { readonly granules_per_cell_min: number; readonly granules_per_cell_max: number; readonly granules_per_cell_avg: number }): string {
  const { granules_per_cell_min: min, granules_per_cell_max: max, granules_per_cell_avg: average } = facts;
  return min === max ? `${min} a cell` : `${min} to ${max} a cell (average ${average.toFixed(1)})`;
}

/** `changed: data_source.filters; 2 more granules: a.h5, b.h5`. */
function stateText({ state, settings, added, changed, removed, record }: CellState): string {
  const names = (list: readonly string[]): string => list.slice(0, 3).join(', ') + (list.length > 3 ? ', ...' : '');
  const reasons = [
    ...(state === 'unfinished' && record ? [record.error ? `failed: ${record.error.message}` : record.outcome === 'partial' ? 'lacks rows of a failed read' : 'was cut off'] : []),
    ...(record?.outcome === 'outdated' && record.error ? [`holds the values of an earlier run: ${record.error.message}`] : []),
    ...(settings.length > 0 ? [names(settings)] : []),
    ...(added.length > 0 ? [`added ${names(added)}`] : []),
    ...(changed.length > 0 ? [`changed ${names(changed)}`] : []),
    ...(removed.length > 0 ? [`lacks ${names(removed)}`] : [])
  ];
  return reasons.length > 0 ? `${state}: ${reasons.join('; ')}` : state;
}
