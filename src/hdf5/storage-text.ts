import { filterNames } from './filter-pipeline.js';
import { readLayout } from './layout.js';
import { MESSAGE, type HeaderMessage } from './object-header.js';
import { OffFastPath } from './off-fast-path.js';
import type { PageCache } from './page-cache.js';

/** How a dataset is stored, for people: "contiguous", "chunks of 10,000, shuffle, deflate". */
export function storageText(pages: PageCache, messages: readonly HeaderMessage[], layoutData: Uint8Array): string {
  try {
    const layout = readLayout(pages, layoutData);
    if (layout.kind !== 'chunked') return layout.kind;
    const pipeline = messages.find(m => m.type === MESSAGE.filters);
    const filters = pipeline && !pipeline.shared ? filterNames(pages, pipeline.data) : [];
    return [`chunks of ${layout.chunkShape.map(size => size.toLocaleString('en-US')).join(' x ')}`, ...filters].join(', ');
  } catch (error) {
    // Listing a file must not fail on one exotic dataset.
    if (error instanceof OffFastPath) return error.feature;
    throw error;
  }
}
