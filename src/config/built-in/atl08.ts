/** Statistics of ICESat-2 terrain and canopy heights (ATL08). Names as in the ATL08 data dictionary of versions 006 and 007. */
export const ATL08 = `# Terrain and canopy heights of ICESat-2 (ATL08, segments of 100 m): statistics per HEALPix cell of order 12.
data_source:
  reader: hdf5
  groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]
  coordinates:
    latitude: "/{group}/land_segments/latitude"
    longitude: "/{group}/land_segments/longitude"
  variables:
    h_te: "/{group}/land_segments/terrain/h_te_best_fit"
    h_canopy: "/{group}/land_segments/canopy/h_canopy"
  filters:
  # Segments with a terrain height. Those without a canopy are left out of the canopy's own statistics in any case.
  - {dataset: "/{group}/land_segments/terrain/h_te_best_fit", not_fill: true}

aggregation:
  variables:
    count:
      function: len
      source: h_te
      dtype: int32
      fill_value: 0
      units: "1"
      long_name: number of segments with a terrain height
    h_te_min:
      function: min
      source: h_te
      units: m
      long_name: lowest terrain height above the WGS 84 ellipsoid
    h_te_max:
      function: max
      source: h_te
      units: m
      long_name: highest terrain height above the WGS 84 ellipsoid
    h_te_mean:
      function: mean
      source: h_te
      units: m
      long_name: mean terrain height above the WGS 84 ellipsoid
    h_te_q50:
      function: quantile
      source: h_te
      params: {q: 0.5}
      units: m
      long_name: median terrain height above the WGS 84 ellipsoid
    h_te_std:
      function: std
      source: h_te
      units: m
      long_name: standard deviation of terrain heights
    canopy_count:
      function: count
      source: h_canopy
      dtype: int32
      fill_value: 0
      units: "1"
      long_name: number of segments with a canopy height
    h_canopy_mean:
      function: mean
      source: h_canopy
      units: m
      long_name: mean height of canopies (98 % relative height) above the terrain
    h_canopy_q50:
      function: quantile
      source: h_canopy
      params: {q: 0.5}
      units: m
      long_name: median height of canopies above the terrain
    h_canopy_max:
      function: max
      source: h_canopy
      units: m
      long_name: height of the highest canopy above the terrain

output:
  grid:
    type: healpix
    indexing_scheme: nested
    child_order: 12
`;
