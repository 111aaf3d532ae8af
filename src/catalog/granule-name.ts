/** What the name of an ICESat-2 granule tells. */
export interface GranuleName {
  /** Product, such as ATL06. */
  readonly shortName: string;
  /** Release, three digits. */
  readonly version: string;
  /** Start of the granule, ISO date without time. */
  readonly date: string;
}

// ATL06_20190416093911_02770303_002_01: product, start, track-cycle-segment, release, revision (ATL06 data dictionary).
const NAME = /(ATL\d{2})_(\d{4})(\d{2})(\d{2})\d{6}_\d{8}_(\d{3})_\d{2}/;

/** Reads a granule id such as `processed_ATL06_20190416093911_02770303_002_01.h5`; undefined for other names. */
export function parseGranuleName(id: string): GranuleName | undefined {
  const match = NAME.exec(id);
  if (!match) return undefined;
  const [, shortName, year, month, day, version] = match;
  return { shortName: shortName!, version: version!, date: `${year}-${month}-${day}` };
}
