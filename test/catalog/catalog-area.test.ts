import { catalogArea, isWithin, type CatalogArea } from '../../src/catalog/index.js';
import { cellCentre } from '../../src/grid/index.js';

const metadata = (more: object) => ({ parent_order: 2, ...more });

test.each<[object, CatalogArea | undefined]>([
  [{}, undefined],
  [{ bbox: [-52, 67, -45, 70] }, { kind: 'box', west: -52, south: 67, east: -45, north: 70 }],
  [{ bbox: '-52, 67,-45,70' }, { kind: 'box', west: -52, south: 67, east: -45, north: 70 }],
  [{ bbox: [1, 2, 3] }, { kind: 'unknown' }],
  [{ bbox: 'Greenland' }, { kind: 'unknown' }],
  [{ bbox: [-52, 67, -45, 70], polygon: 'ice.geojson' }, { kind: 'unknown' }]
])('%j', (more, area) => expect(catalogArea(metadata(more))).toEqual(area));

test.each([[-60, 20, 40, 80], [170, -50, -120, 50], [-180, -90, 180, -40]])('cells within the box %d,%d,%d,%d: all of their finer cells are', (west, south, east, north) => {
  const area: CatalogArea = { kind: 'box', west, south, east, north };
  const isIn = (id: bigint): boolean => {
    const { latDeg, lonDeg } = cellCentre(id, 6, 'authalic');
    return latDeg >= south && latDeg <= north && (west < east ? lonDeg >= west && lonDeg <= east : lonDeg >= west || lonDeg <= east);
  };
  let within = 0;
  for (let parent = 0; parent < 192; parent++) {
    if (!isWithin(area, parent, 2, 'authalic')) continue;
    within++;
    for (let i = 0; i < 256; i++) expect([parent, isIn(BigInt(parent * 256 + i))]).toEqual([parent, true]);
  }
  expect(within).toBeGreaterThan(5);
  expect(isWithin({ kind: 'unknown' }, 0, 2, 'authalic')).toBe(false);
});
