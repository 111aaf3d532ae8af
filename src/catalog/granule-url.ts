import { MaggError } from '../base/index.js';
import { isUrl } from './granule-id.js';

/** How granules are reached; auto: each by the scheme of its own name. */
export type GranuleDriver = 'auto' | 'file' | 'https' | 's3';

/** Prefixes of a catalog's metadata that stand for the same place. */
export interface UrlBases {
  readonly s3Base?: string | undefined;
  readonly httpsBase?: string | undefined;
}

/**
 * The path or URL by which a driver reaches a granule. https swaps the prefix `s3_base` of an s3:// URL for `https_base`;
 * nothing else changes a name. Throws `driver` for a granule that the driver cannot reach.
 */
export function granuleUrl(granule: string, driver: GranuleDriver, { s3Base, httpsBase }: UrlBases): string {
  const scheme = isUrl(granule) ? granule.slice(0, granule.indexOf('://')).toLowerCase() : 'file';
  switch (driver) {
    case 'auto':
      if (scheme === 's3') throw unreachable(`${granule}: s3:// cannot be read in this version; use --driver https, which needs s3_base and https_base in the metadata of the catalog`);
      return granule;
    case 'file':
      if (scheme === 'file') return granule;
      throw unreachable(`the driver file expects paths, found ${granule}; use --driver auto, or download the file and list its path`);
    case 's3':
      throw unreachable(`the driver s3 comes with a later version, so ${granule} cannot be reached by it; use --driver ${scheme === 'file' ? 'auto' : 'https'}`);
    case 'https':
      if (scheme === 'https' || scheme === 'http') return granule;
      if (scheme !== 's3') throw unreachable(`the driver https expects URLs, found ${granule}; use --driver auto`);
      return swapped(granule, s3Base, httpsBase);
  }
}

function swapped(granule: string, s3Base: string | undefined, httpsBase: string | undefined): string {
  if (s3Base === undefined || httpsBase === undefined) {
    const lacks = [...(s3Base === undefined ? ['s3_base'] : []), ...(httpsBase === undefined ? ['https_base'] : [])].join(' and ');
    throw unreachable(`the https form of ${granule} is unknown: the metadata of the catalog lack ${lacks}; add the prefixes that stand for each other, or list https:// URLs`);
  }
  const prefix = withSlash(s3Base);
  if (!granule.startsWith(prefix)) {
    throw unreachable(`the https form of ${granule} is unknown: it does not begin with s3_base, ${s3Base}; correct s3_base and https_base in the metadata of the catalog`);
  }
  return withSlash(httpsBase) + granule.slice(prefix.length);
}

/** A prefix ends between two names: `s3://a/b` is none of `s3://a/bc/d`. */
const withSlash = (base: string): string => (base.endsWith('/') ? base : `${base}/`);

const unreachable = (message: string): MaggError => new MaggError('driver', message);
