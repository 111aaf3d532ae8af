export type { Backend, BackendContext, WorkContext } from './backend.js';
export type { ReadOutcome, RunCounts, RunEvent } from './events.js';
export type { Journal, OpenJournal } from './journal.js';
export { inlineCrew, type InlineHost } from './local/inline-crew.js';
export { localBackend, locateCells, type LocalBackendOptions } from './local/local-backend.js';
export {
  completePlan, groupsOf, makePlan, selectedCells,
  type CompletePlan, type Plan, type PlannedCell, type PlannedGranule, type PlanInput, type PlanResult, type Selection
} from './plan.js';
export { run, type RunRequest } from './run.js';
export type { RunSummary } from './summary.js';
