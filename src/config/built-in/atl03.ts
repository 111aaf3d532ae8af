/** Statistics of ICESat-2 photon heights over land ice (ATL03). Names as in the ATL03 data dictionary of versions 006 and 007. */
export const ATL03 = `# Photons of ICESat-2 (ATL03) that are likely signal over land ice: statistics per HEALPix cell of order 12.
data_source:
  reader: hdf5
  groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]
  # Photons lie under geolocation segments of 20 m; values of segments are spread to their photons.
  levels:
    geolocation:
      index: "/{group}/geolocation/ph_index_beg"
      count: "/{group}/geolocation/segment_ph_cnt"
      index_base: 1
  coordinates:
    latitude: "/{group}/heights/lat_ph"
    longitude: "/{group}/heights/lon_ph"
  variables:
    h_ph: "/{group}/heights/h_ph"
    geoid: {dataset: "/{group}/geophys_corr/geoid", level: geolocation}
  let:
    h_geoid: h_ph - geoid
  filters:
  # The confidence has one column for each surface: 0 land, 1 ocean, 2 sea ice, 3 land ice, 4 inland water.
  # 4 is high, 3 medium, 2 low, 1 buffer, 0 noise, -1 a surface that was not considered: over sea ice, column 2 has values.
  - {dataset: "/{group}/heights/signal_conf_ph", column: 3, greater_equal: 3}
  # 0 is nominal; others may be afterpulses or calibration pulses.
  - {dataset: "/{group}/heights/quality_ph", equal: 0}
  # Segments whose orbit and pointing are nominal, outside (0) and within (4) calibration scans.
  - {dataset: "/{group}/geolocation/podppd_flag", level: geolocation, in: [0, 4]}

aggregation:
  variables:
    count:
      function: len
      source: h_ph
      dtype: int32
      fill_value: 0
      units: "1"
      long_name: number of signal photons
    h_min:
      function: min
      source: h_ph
      units: m
      long_name: lowest photon height above the WGS 84 ellipsoid
    h_max:
      function: max
      source: h_ph
      units: m
      long_name: highest photon height above the WGS 84 ellipsoid
    h_mean:
      function: mean
      source: h_ph
      units: m
      long_name: mean photon height above the WGS 84 ellipsoid
    h_variance:
      function: var
      source: h_ph
      units: m2
      long_name: variance of photon heights
    h_q25:
      function: quantile
      source: h_ph
      params: {q: 0.25}
      units: m
      long_name: lower quartile of photon heights above the WGS 84 ellipsoid
    h_q50:
      function: quantile
      source: h_ph
      params: {q: 0.5}
      units: m
      long_name: median photon height above the WGS 84 ellipsoid
    h_q75:
      function: quantile
      source: h_ph
      params: {q: 0.75}
      units: m
      long_name: upper quartile of photon heights above the WGS 84 ellipsoid
    h_geoid_q50:
      function: median
      source: h_geoid
      units: m
      long_name: median photon height above the geoid

output:
  grid:
    type: healpix
    indexing_scheme: nested
    child_order: 12
`;
