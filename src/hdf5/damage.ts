import { MaggError } from '../base/index.js';

const REMEDY = 'The file is damaged or still being written. Download it again, or take it off the list.';

/** The structure of a file makes no sense. `what` says what was expected and found. */
export const damagedFile = (file: string, what: string, cause?: unknown, dataset?: string): MaggError =>
  new MaggError('damaged-file', `${file} could not be read: ${what}. ${REMEDY}`, { cause, context: { granule: file, file, ...(dataset !== undefined && { dataset }) } });

/** One chunk of a dataset makes no sense. */
export const damagedChunk = (file: string, path: string, what: string, cause?: unknown): MaggError =>
  new MaggError('damaged-chunk', `${path.replace(/^\//, '')} of ${file} could not be read: ${what}. ${REMEDY}`, {
    cause,
    context: { granule: file, file, dataset: path }
  });

/** A whole number for people: 80,000. */
export const grouped = (value: number): string => value.toLocaleString('en-US');
