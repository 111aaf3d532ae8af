import { parseCatalog } from '../../catalog/index.js';
import type { Inspection } from './inspect-command.js';
import { cellSizeText, formatCount, formatNumber } from './summary-text.js';

/** The cells of a catalog and how many granules each has. */
export function inspectCatalog(text: string, path: string): Inspection {
  const { parentOrder, latitude, cells } = parseCatalog(text, path);
  const counts = cells.map(cell => cell.granules.length);
  const granules = new Set(cells.flatMap(cell => cell.granules));
  const lines = [
    `${path}: catalog of ${formatCount(cells.length, 'cell')} of order ${parentOrder} (about ${cellSizeText(parentOrder)}), ${latitude} latitude`,
    `  ${formatCount(granules.size, 'granule')}, ${counts.reduce((a, b) => Math.min(a, b))} to ${counts.reduce((a, b) => Math.max(a, b))} a cell`,
    ...cells.slice(0, 20).map(cell => `  ${cell.morton}  ${formatCount(cell.granules.length, 'granule')}`),
    ...(cells.length > 20 ? [`  ... and ${formatNumber(cells.length - 20)} more`] : [])
  ];
  return { lines, data: { kind: 'catalog', path, parent_order: parentOrder, latitude: latitude, granules: granules.size, cells: cells.map(cell => ({ cell: cell.morton, granules: cell.granules.length })) } };
}
