-- The benchmark task in three-valued logic, for engines that speak SQL. A blank is NULL; a blank travel
-- means that there is no such axis. `{source}` is the catalogue.
WITH said AS (
  SELECT *,
    (process IN ('turning', 'turn_mill')) AS turns,
    (process IN ('milling', 'turn_mill')) AS mills,
    (process IN ('milling', 'turn_mill', 'jig_boring')) AS mills_or_bores,
    (process IN ('grinding', 'jig_grinding')) AS grinds,
    (process = 'grinding' AND grind_kind = 'cylindrical') AS cylindrical,
    (process = 'grinding' AND grind_kind = 'surface') AS surface,
    (bar_only AND bar_dia_mm <= 42 AND NOT chuck_capable) AS bar,
    {short_band} AS s,
    {wide_band} AS s5,
    {any_upr} AS s11,
    {pa_6} AS pa6,
    {pa_4} AS pa4,
    (travel_x_mm IS NOT NULL AND travel_x_mm > 2000 AND pa_x_um > 30) AS long_x
  FROM {source}
), noted AS (
  SELECT *,
    ((cylindrical AND (max_dia_mm <= 150 OR max_len_mm <= 150)) OR surface) AS exg,
    ((cylindrical AND max_dia_mm <= 150 AND axes_contouring <= 3)
      OR (process = 'jig_grinding' AND travel_z_mm IS NULL AND travel_w_mm IS NULL)) AS exn
  FROM said
), tested AS (
  SELECT id,
    (turns AND nc_capable AND axes_contouring >= 2 AND s AND NOT bar) AS c0,
    (mills AND nc_capable AND axes_contouring - axes_rotary >= 3 AND axes_rotary >= 1 AND s) AS c1,
    (mills AND nc_capable AND axes_contouring >= 5 AND s5) AS c2,
    (process = 'jig_boring' AND nc_capable AND s11) AS c3,
    (process = 'milling' AND nc_capable AND runout_um <= 0.4 AND camming_um <= 0.4) AS c4,
    (grinds AND nc_capable AND axes_contouring >= 3 AND s11 AND NOT exg) AS c5,
    (grinds AND nc_capable AND axes_contouring >= 5 AND NOT exg) AS c6,
    (process = 'edm_sinker' AND nc_capable AND axes_rotary >= 2) AS c7,
    (process IN ('waterjet', 'laser', 'ebeam') AND nc_capable AND axes_rotary >= 2
      AND rotary_acc_arcsec < 10.8) AS c8,
    (process = 'deep_hole' AND hole_depth_mm > 5000) AS c9,
    (turns AND nc_capable AND max_dia_mm > 35 AND pa6 AND NOT bar) AS c10,
    (mills_or_bores AND nc_capable AND pa6 AND NOT long_x) AS c11,
    (mills_or_bores AND nc_capable AND axes_rotary >= 2 AND NOT long_x) AS c12,
    (mills_or_bores AND nc_capable AND axes_contouring >= 5 AND NOT long_x) AS c13,
    (grinds AND nc_capable AND pa4 AND NOT exn) AS c14,
    (grinds AND nc_capable AND axes_rotary >= 2 AND NOT exn) AS c15,
    (grinds AND nc_capable AND axes_contouring >= 5 AND NOT exn) AS c16,
    (process = 'edm_sinker' AND nc_capable AND axes_rotary >= 2) AS c17
  FROM noted
)
SELECT id AS machine, {first} AS first, {second} AS second,
  {first_letters} AS first_letters, {second_letters} AS second_letters
FROM tested
