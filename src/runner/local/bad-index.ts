import { MaggError } from '../../base/index.js';

/** What a saved index that cannot be used is refused with: tag `bad-index`. Who goes on without it says so. */
export const badIndex = (id: string, what: string): MaggError =>
  new MaggError('bad-index', `the saved index of ${id} cannot be used: ${what}`, { context: { granule: id } });
