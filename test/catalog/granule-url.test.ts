import { granuleUrl } from '../../src/catalog/index.js';

const bases = { s3Base: 's3://nsidc-cumulus-prod-protected', httpsBase: 'https://data.nsidc.earthdatacloud.nasa.gov/nsidc-cumulus-prod-protected' };
const s3 = 's3://nsidc-cumulus-prod-protected/ATLAS/ATL06/007/a.h5';
const https = 'https://data.nsidc.earthdatacloud.nasa.gov/nsidc-cumulus-prod-protected/ATLAS/ATL06/007/a.h5';

test('https swaps the prefix, with and without slashes at its end', () => {
  expect(granuleUrl(s3, 'https', bases)).toBe(https);
  expect(granuleUrl(s3, 'https', { s3Base: `${bases.s3Base}/`, httpsBase: bases.httpsBase })).toBe(https);
  expect(granuleUrl(s3, 'https', { s3Base: bases.s3Base, httpsBase: `${bases.httpsBase}/` })).toBe(https);
  expect(granuleUrl(https, 'https', {})).toBe(https);
});

test('a prefix that ends within a name is none', () => {
  expect(() => granuleUrl('s3://nsidc-cumulus-prod-protected2/a.h5', 'https', bases)).toThrow(/does not begin with s3_base/);
});

test('what the metadata lack is named', () => {
  expect(() => granuleUrl(s3, 'https', {})).toThrow(/lack s3_base and https_base/);
  expect(() => granuleUrl(s3, 'https', { s3Base: bases.s3Base })).toThrow(/lack https_base/);
});

test('auto and file leave names as they are', () => {
  for (const path of ['a.h5', '../b/a.h5', '/c/a.h5', 'file:///c/a.h5']) {
    expect(granuleUrl(path, 'auto', bases)).toBe(path);
    expect(granuleUrl(path, 'file', bases)).toBe(path);
  }
  expect(granuleUrl(https, 'auto', bases)).toBe(https);
});

test('a driver that cannot reach a granule says which one can', () => {
  expect(() => granuleUrl(https, 'file', bases)).toThrow(/expects paths, found https:.*--driver auto/);
  expect(() => granuleUrl('a.h5', 'https', bases)).toThrow(/expects URLs, found a\.h5; use --driver auto/);
  expect(() => granuleUrl(s3, 'auto', bases)).toThrow(/cannot be read in this version; use --driver https/);
  expect(() => granuleUrl(s3, 's3', bases)).toThrow(/later version.*use --driver https/);
  expect(() => granuleUrl('a.h5', 's3', bases)).toThrow(/later version.*use --driver auto/);
});
