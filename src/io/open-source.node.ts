import { fileURLToPath } from 'node:url';
import { MaggError } from '../base/index.js';
import { fileSource } from './file-source.node.js';
import { hostLimiter } from './host-limiter.js';
import { httpSource } from './http-source.js';
import type { RangeSource } from './range-source.js';

/** Connections per host and thread. */
const CONNECTIONS = 8;

/**
 * A file by what its name says: a path, `file://`, `http://` or `https://`. Nothing is opened yet. Throws `unsupported` for
 * other schemes.
 */
export function openSource(url: string): RangeSource {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
      return fileSource(url);
    case 'file':
      return fileSource(fileURLToPath(url));
    case 'http':
    case 'https':
      return httpSource(url, { limiter: hostLimiter(url, CONNECTIONS) });
    case 's3':
      throw new MaggError('unsupported', `${url}: s3:// cannot be read yet. Use the https:// form of the link, or download the file and name its path.`, { context: { file: url } });
    default:
      throw new MaggError('unsupported', `${url}: ${scheme}:// cannot be read; expected a path, file://, http:// or https://`, { context: { file: url } });
  }
}
