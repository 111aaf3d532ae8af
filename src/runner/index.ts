export type { Backend, BackendContext, WorkContext } from './backend.js';
export type { ReadOutcome, RunCounts, RunEvent } from './events.js';
export type { CellState } from './compare-cells.js';
export type { HoldJournal, Journal, JournalFiles } from './journal.js';
export { readJournal, type CellRecord, type JournalRecord, type RunRecord } from './journal-record.js';
export { preview, type Preview } from './preview.js';
export { cellsBackend, cellsJob, computeCell, type CellsJobOptions } from './local/cells-backend.js';
export { inlineCrew, type InlineHost } from './local/inline-crew.js';
export { memoryBudget, type MemoryBudget } from './local/memory-budget.js';
export { localBackend, locateCells, type LocalBackendOptions } from './local/local-backend.js';
export { PairTally } from './pair-tally.js';
export {
  completePlan, groupsOf, makePlan, selectedCells,
  type CompletePlan, type Plan, type PlannedCell, type PlannedGranule, type PlanInput, type PlanOptions, type PlanResult, type Selection
} from './plan.js';
export { refoldOverviews, type RefoldOptions } from './refold-overviews.js';
export { run, type RunRequest } from './run.js';
export type { RunProgress, Runs } from './runs-fold.js';
export type { Sample } from './sample-cells.js';
export type { RunSummary } from './summary.js';
