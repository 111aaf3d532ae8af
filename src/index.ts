// The public names of the npm package: what another program needs to read errors and to follow a run by its events.
export { fromErrorRecord, MaggError, toErrorRecord, type ErrorContext, type ErrorRecord } from './base/index.js';
export type { ReadOutcome, RunCounts, RunEvent } from './runner/events.js';
