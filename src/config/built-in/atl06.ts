/** Statistics of ICESat-2 land-ice heights (ATL06), as earlier versions of magg shipped them. */
export const ATL06 = `# Land-ice heights of ICESat-2 (ATL06): statistics per HEALPix cell of order 12.
data_source:
  reader: hdf5
  groups: [gt1l, gt1r, gt2l, gt2r, gt3l, gt3r]
  coordinates:
    latitude: "/{group}/land_ice_segments/latitude"
    longitude: "/{group}/land_ice_segments/longitude"
  variables:
    h_li: "/{group}/land_ice_segments/h_li"
    s_li: "/{group}/land_ice_segments/h_li_sigma"
  quality_filter:
    dataset: "/{group}/land_ice_segments/atl06_quality_summary"
    value: 0

aggregation:
  coordinates:
    cell_ids: {dtype: uint64, fill_value: 0}
    morton: {dtype: int64, fill_value: 0}
  variables:
    count:
      function: len
      source: h_li
      dtype: int32
      fill_value: 0
    h_min:
      function: min
      source: h_li
      dtype: float32
    h_max:
      function: max
      source: h_li
      dtype: float32
    h_mean:
      function: average
      source: h_li
      params:
        weights: "1.0 / s_li**2"
      dtype: float32
    h_sigma:
      expression: "1.0 / np.sqrt(np.sum(1.0 / s_li**2))"
      dtype: float32
    h_variance:
      function: var
      source: h_li
      dtype: float32
    h_q25:
      function: quantile
      source: h_li
      params: {q: 0.25}
      dtype: float32
    h_q50:
      function: quantile
      source: h_li
      params: {q: 0.5}
      dtype: float32
    h_q75:
      function: quantile
      source: h_li
      params: {q: 0.75}
      dtype: float32

output:
  grid:
    type: healpix
    indexing_scheme: nested
    child_order: 12
`;
