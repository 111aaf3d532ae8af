export { catalogArea, isWithin, type CatalogArea } from './catalog-area.js';
export { buildCatalog, type CatalogInput } from './build-catalog.js';
export { MAX_PARENT_ORDER, type Catalog, type CatalogCell, type CatalogMetadata } from './catalog.js';
export { expandGranules, type FolderEntry, type ListFolder } from './expand-granules.js';
export { formatCatalog } from './format-catalog.js';
export { granuleId, isUrl } from './granule-id.js';
export { granuleUrl, type GranuleDriver, type UrlBases } from './granule-url.js';
export { parseGranuleName, type GranuleName } from './granule-name.js';
export { parseCatalog } from './parse-catalog.js';
