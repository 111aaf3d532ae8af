import type { Catalog } from './catalog.js';

/** The text of a catalog file: a granule a line, cells in the order of the catalog, which JSON.stringify would not keep. */
export function formatCatalog(catalog: Catalog): string {
  // Every granule stands in many cells.
  const lines = new Map<string, string>();
  const line = (text: string): string => {
    let quoted = lines.get(text);
    if (quoted === undefined) lines.set(text, (quoted = `      ${JSON.stringify(text)}`));
    return quoted;
  };
  const cells = catalog.cells.map(({ morton, granules }) => {
    if (granules.length === 0) return `    ${JSON.stringify(morton)}: []`;
    return `    ${JSON.stringify(morton)}: [\n${granules.map(line).join(',\n')}\n    ]`;
  });
  const metadata = JSON.stringify(catalog.metadata, null, 2).replaceAll('\n', '\n  ');
  return `{\n  "metadata": ${metadata},\n  "catalog": {\n${cells.join(',\n')}\n  }\n}\n`;
}
