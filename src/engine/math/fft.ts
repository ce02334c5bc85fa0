/**
 * Discrete Fourier transform of any length: fft.js where the length is a power of two, Bluestein's convolution over it
 * otherwise. Forward: Σ x[j]·exp(−2πi·jk/n); inverse: exp(+…) and 1/n.
 */
import FFT from 'fft.js';

/** Real and imaginary parts, n each. */
export type Complex = { readonly re: Float64Array; readonly im: Float64Array };

type Numbers = ArrayLike<number>;

const isPowerOfTwo = (n: number): boolean => (n & (n - 1)) === 0;

function powerOfTwo(re: Numbers, im: Numbers): Complex {
  const n = re.length;
  if (n === 1) return { re: Float64Array.from(re), im: Float64Array.from(im) };
  const plan = new FFT(n);
  const given = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    given[2 * i] = re[i];
    given[2 * i + 1] = im[i];
  }
  const got = new Float64Array(2 * n);
  // fft.js only indexes its arguments; its types ask for plain arrays.
  plan.transform(got, given);
  return {
    re: Float64Array.from({ length: n }, (_, i) => got[2 * i]),
    im: Float64Array.from({ length: n }, (_, i) => got[2 * i + 1]),
  };
}

/** (a + ib)(c + id) for whole arrays. */
function product(x: Complex, y: Complex): Complex {
  const n = x.re.length;
  const re = new Float64Array(n);
  const im = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    re[i] = x.re[i] * y.re[i] - x.im[i] * y.im[i];
    im[i] = x.re[i] * y.im[i] + x.im[i] * y.re[i];
  }
  return { re, im };
}

/** Inverse by the forward transform of the swapped parts. */
function inverseOf(forward: (re: Numbers, im: Numbers) => Complex, re: Numbers, im: Numbers): Complex {
  const n = re.length;
  const swapped = forward(im, re);
  return { re: swapped.im.map((value) => value / n), im: swapped.re.map((value) => value / n) };
}

/** jk = (j² + k² − (k − j)²)/2 turns the transform into a convolution with the chirp exp(iπj²/n). */
function bluestein(re: Numbers, im: Numbers): Complex {
  const n = re.length;
  const size = 2 ** Math.ceil(Math.log2(2 * n - 1));
  const x = { re: new Float64Array(size), im: new Float64Array(size) };
  const chirp = { re: new Float64Array(size), im: new Float64Array(size) };
  for (let j = 0; j < n; j++) {
    // j² modulo 2n keeps the angle exact for long series.
    const angle = (Math.PI * ((j * j) % (2 * n))) / n;
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    x.re[j] = re[j] * c + im[j] * s;
    x.im[j] = im[j] * c - re[j] * s;
    for (const at of j === 0 ? [0] : [j, size - j]) {
      chirp.re[at] = c;
      chirp.im[at] = s;
    }
  }
  const spectrum = product(powerOfTwo(x.re, x.im), powerOfTwo(chirp.re, chirp.im));
  const full = inverseOf(powerOfTwo, spectrum.re, spectrum.im);
  const out = { re: new Float64Array(n), im: new Float64Array(n) };
  for (let k = 0; k < n; k++) {
    const c = chirp.re[k];
    const s = chirp.im[k];
    out.re[k] = full.re[k] * c + full.im[k] * s;
    out.im[k] = full.im[k] * c - full.re[k] * s;
  }
  return out;
}

/** Forward transform of n ≥ 0 values; `im` left out for real input. */
export function fft(re: Numbers, im: Numbers = new Float64Array(re.length)): Complex {
  if (re.length === 0) return { re: new Float64Array(0), im: new Float64Array(0) };
  return isPowerOfTwo(re.length) ? powerOfTwo(re, im) : bluestein(re, im);
}

/** Inverse transform, with the factor 1/n. */
export const ifft = (re: Numbers, im: Numbers): Complex => inverseOf(fft, re, im);
