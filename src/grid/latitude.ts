/**
 * authalic: the latitude of equal area on WGS84, so that cells have equal areas on the ellipsoid; spherical: the
 * geodetic latitude taken as if the Earth were a sphere.
 */
export type LatitudeConvention = 'authalic' | 'spherical';

const INVERSE_FLATTENING = 298.257223563;
const FLATTENING = 1 / INVERSE_FLATTENING;

/** The ellipsoid WGS84 (NIMA TR8350.2). */
export const WGS84 = {
  semimajorAxisM: 6_378_137,
  inverseFlattening: INVERSE_FLATTENING,
  /** e^2 = f (2 - f) */
  eccentricitySquared: FLATTENING * (2 - FLATTENING),
  /** Radius of the sphere of the same area. */
  authalicRadiusM: 6_371_007.180918474
} as const;

const RADIANS = Math.PI / 180;

/**
 * sin(xi) = q(s) / q(1) with s = sin(phi) and q of Snyder (1987), equations 3-11 and 3-12, as a power series:
 * q(s) / (1 - e^2) = sum of a_k s^(2k+1), a_k = (2k + 2) / (2k + 1) e^(2k). Ten terms reach the last bit of a double.
 */
const SERIES_TERMS = 10;

/** Sine of the (authalic or plain) latitude, and its distance from the poles without cancellation. */
export interface LatitudeFunctions {
  /** sin(xi) for a geodetic latitude in degrees. */
  readonly z: (latDeg: number) => number;
  /** sqrt(3 (1 - sin(xi))) for a distance from the north pole in degrees, 0 to 90. */
  readonly t: (colatitudeDeg: number) => number;
}

/** z and t of HEALPix (Gorski et al. 2005, equations 4 and 8, solved for the ring) as functions of the geodetic latitude. */
export function latitudeFunctions(convention: LatitudeConvention): LatitudeFunctions {
  const e2 = convention === 'authalic' ? WGS84.eccentricitySquared : 0;
  const a = Array.from({ length: SERIES_TERMS }, (_, k) => ((2 * k + 2) / (2 * k + 1)) * e2 ** k);
  const one = a.reduce((sum, term) => sum + term, 0);
  return {
    z: latDeg => {
      const s = Math.sin(latDeg * RADIANS);
      let sum = 0;
      for (let k = SERIES_TERMS - 1; k >= 0; k--) sum = sum * s * s + a[k]!;
      return (s * sum) / one;
    },
    t: colatitudeDeg => {
      const half = Math.sin((colatitudeDeg * RADIANS) / 2);
      const s = 1 - 2 * half * half;
      // 1 - s^(2k+1) = (1 - s) (1 + s + ... + s^2k), and 1 - s = 2 half^2.
      let sum = 0;
      let powers = 1;
      for (let k = 0; k < SERIES_TERMS; k++) {
        if (k > 0) powers += s ** (2 * k - 1) + s ** (2 * k);
        sum += a[k]! * powers;
      }
      return Math.sqrt((6 * half * half * sum) / one);
    }
  };
}

const N = FLATTENING / (2 - FLATTENING);
/** Fourier coefficients of xi - phi in sin(2k phi): Karney, "On auxiliary latitudes" (2022, arXiv:2212.05818), xi as a series in phi, to n^6. */
const TO_AUTHALIC = [
  N * (-4 / 3 + N * (-4 / 45 + N * (88 / 315 + N * (538 / 4725 + N * (20824 / 467775 + N * (-44732 / 2837835)))))),
  N ** 2 * (34 / 45 + N * (8 / 105 + N * (-2482 / 14175 + N * (-37192 / 467775 + N * (-12467764 / 212837625))))),
  N ** 3 * (-1532 / 2835 + N * (-898 / 14175 + N * (54968 / 467775 + N * (100320856 / 1915538625)))),
  N ** 4 * (6007 / 14175 + N * (24496 / 467775 + N * (-5884124 / 70945875))),
  N ** 5 * (-23356 / 66825 + N * (-839792 / 19348875)),
  N ** 6 * (570284222 / 1915538625)
];

/** Fourier coefficients of phi - xi in sin(2k xi), the inverse series: the same paper, phi as a series in xi, to n^6. */
const TO_GEODETIC = [
  N * (4 / 3 + N * (4 / 45 + N * (-16 / 35 + N * (-2582 / 14175 + N * (60136 / 467775 + N * (28112932 / 212837625)))))),
  N ** 2 * (46 / 45 + N * (152 / 945 + N * (-11966 / 14175 + N * (-21016 / 51975 + N * (251310128 / 638512875))))),
  N ** 3 * (3044 / 2835 + N * (3802 / 14175 + N * (-94388 / 66825 + N * (-8797648 / 10945935)))),
  N ** 4 * (6059 / 4725 + N * (41072 / 93555 + N * (-1472637812 / 638512875))),
  N ** 5 * (768272 / 467775 + N * (455935736 / 638512875)),
  N ** 6 * (4210684958 / 1915538625)
];

/** Sum of c[k - 1] sin(2k angle), by Clenshaw's summation. */
function sineSeries(c: readonly number[], angle: number): number {
  const sin = Math.sin(angle);
  const cos = Math.cos(angle);
  const x = 2 * (cos - sin) * (cos + sin);
  let u0 = 0;
  let u1 = 0;
  for (let k = c.length - 1; k >= 0; k--) {
    const next = x * u0 - u1 + c[k]!;
    u1 = u0;
    u0 = next;
  }
  return 2 * sin * cos * u0;
}

/** Authalic latitude on WGS84, degrees, of a geodetic latitude in degrees; exact to 1e-15 rad. */
export function authalicLatitude(latDeg: number): number {
  return latDeg + sineSeries(TO_AUTHALIC, latDeg * RADIANS) / RADIANS;
}

/**
 * Geodetic latitude, degrees, of an authalic latitude on WGS84 in degrees; the inverse of {@link authalicLatitude}, as exact
 * as it. The poles are exact.
 */
export function geodeticLatitude(authalicDeg: number): number {
  return authalicDeg + sineSeries(TO_GEODETIC, authalicDeg * RADIANS) / RADIANS;
}
