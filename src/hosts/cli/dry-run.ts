import { existsSync } from 'node:fs';
import { locateCells, selectedCells, type CompletePlan, type LocalBackendOptions, type PlanResult, type RunEvent } from '../../runner/index.js';
import type { CliHost } from './cli-host.js';
import { EXIT, type ExitCode } from './exit-codes.js';
import { formatCount } from './summary-text.js';

export interface DryRun {
  readonly planned: PlanResult;
  readonly store: string;
  readonly openCrew: LocalBackendOptions['openCrew'];
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
  readonly json: boolean;
}

/** `magg run --dry-run`: which cells would be computed from how many granules. Reads coordinates when no catalog has the cells. */
export async function dryRun({ planned: { plan, notices }, store, openCrew, signal, onEvent, json }: DryRun, { out }: CliHost): Promise<ExitCode> {
  for (const notice of notices) onEvent({ type: 'run-notice', ...notice });
  const complete: CompletePlan = plan.cells
    ? { ...plan, cells: plan.cells }
    : await locateCells(plan, openCrew, { signal, onEvent });
  const cells = selectedCells(complete).map(place => complete.cells[place]!);
  const counts = cells.map(cell => cell.granules.length);
  const facts = {
    dry_run: true,
    total_cells: cells.length,
    granules_per_cell_min: counts.reduce((a, b) => Math.min(a, b), Infinity),
    granules_per_cell_max: counts.reduce((a, b) => Math.max(a, b), 0),
    granules_per_cell_avg: counts.reduce((a, b) => a + b, 0) / counts.length,
    store_path: store,
    store_exists: existsSync(store)
  };
  if (json) {
    out(`${JSON.stringify({ ...facts, cells: cells.map(cell => ({ cell: cell.morton, granules: cell.granules.map(g => plan.granules[g]!.id) })) })}\n`);
    return EXIT.ok;
  }
  out(
    `${formatCount(cells.length, 'cell')} of order ${plan.parentOrder}, ${formatCount(plan.granules.length, 'granule')}, ${facts.granules_per_cell_min} to ${facts.granules_per_cell_max} a cell (average ${facts.granules_per_cell_avg.toFixed(1)})\n`
  );
  for (const cell of cells) out(`  ${cell.morton}  ${cell.granules.length} granules\n`);
  out(`would write ${store}${facts.store_exists ? ', which exists' : ''}\n`);
  return EXIT.ok;
}
