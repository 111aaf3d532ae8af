import type { DatasetPath } from './pipeline-config.js';
import type { Dataset } from './pipeline-document.generated.js';

/** A dataset as the document has it, the short form or the long one. */
export function datasetPathOf(written: Dataset): DatasetPath {
  return typeof written === 'string'
    ? { dataset: written, column: undefined, level: undefined }
    : { dataset: written.dataset, column: written.column, level: written.level };
}
