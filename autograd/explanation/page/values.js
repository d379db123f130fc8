// The ops' values in JavaScript: each definition is called as its entry in the table, or is used by one.
// Only what a page needs is put into it. Definitions are separated by blank lines.

const exp = Math.exp

const expm1 = Math.expm1

const log = Math.log

const log2 = Math.log2

const log10 = Math.log10

const log1p = Math.log1p

const sqrt = Math.sqrt

const cbrt = Math.cbrt

const sin = Math.sin

const cos = Math.cos

const tan = Math.tan

const asin = Math.asin

const acos = Math.acos

const atan = Math.atan

const sinh = Math.sinh

const cosh = Math.cosh

const tanh = Math.tanh

const asinh = Math.asinh

const acosh = Math.acosh

// Chromium's own loses the last digits near 0
const atanh = x => log1p(2 * x / (1 - x)) / 2

const hypot = Math.hypot

const atan2 = Math.atan2

const floor = Math.floor

const ceil = Math.ceil

const trunc = Math.trunc

const sign = Math.sign

const abs = Math.abs

const square = x => x * x

const reciprocal = x => 1 / x

const fma = (a, b, c) => a * b + c

// 1 ** nan is 1, as in C
const pow = (a, b) => a === 1 ? 1 : (-1 === a && abs(b) === Infinity) ? 1 : a ** b

// d^k/da^k d^m/db^m of a**b, for whole k and m: a polynomial in log(a) times a**(b - k)
function pow_derivative(a, b, k, m) {
  let c = [1, ...Array(m).fill(0)]
  for (let i = 0; i < k; i++) c = c.map((x, j) => (b - i) * x + (j ? c[j - 1] : 0))
  if (!m) return c[0] ? c[0] * pow(a, b - k) : 0
  if (a === 0 && b > k) return 0
  let total = 0
  for (let j = 0, f = 1; j <= m; f *= m - j, j++) if (c[j]) total += f * c[j] * pow(a, b - k) * log(a) ** (m - j)
  return total
}

// 1 - tanh(x)**2 with all digits
function sech2(x) {
  const e = exp(-2 * abs(x))
  return 4 * e / ((1 + e) * (1 + e))
}

// c * exp(-s * x * x), differentiated n times: times a Hermite polynomial
function bell(c, s, x, n) {
  let before = 0, polynomial = c
  for (let i = 0; i < n; i++) [before, polynomial] = [polynomial, -2 * s * (x * polynomial + i * before)]
  return polynomial * exp(-s * x * x)
}

const erf_derivative = (x, k) => bell(2 / sqrt(Math.PI), 1, x, k - 1)

const normal_derivative = (x, k) => bell(1 / sqrt(2 * Math.PI), 0.5, x, k - 1)

// erf by its series of positive terms, x**(2n+1) 2**n / (1*3*5*...), where that is short
function erf(x) {
  if (!(abs(x) < 3)) return x > 0 ? 1 - erfc(x) : x < 0 ? erfc(-x) - 1 : x
  let term = x, total = x
  for (let n = 1; abs(term) > 1e-17 * abs(total); n++) total += term *= 2 * x * x / (2 * n + 1)
  return erf_derivative(x, 1) * total
}

// erfc by its continued fraction, evaluated from the far end
function erfc(x) {
  if (!(x >= 2)) return x < -3 ? 2 - erfc(-x) : 1 - erf(x)
  let fraction = 0
  for (let n = 80; n; n--) fraction = n / 2 / (x + fraction)
  return erf_derivative(x, 1) / 2 / (x + fraction)
}

const normal_cdf = x => erfc(-x / Math.SQRT2) / 2

// the part of lgamma that Stirling's formula adds to (x - 1/2) log(x) - x + log(2 pi)/2, from x = 15 on
function stirling(x) {
  const f = 1 / (x * x)
  return (1 / 12 - f * (1 / 360 - f * (1 / 1260 - f * (1 / 1680 - f * (1 / 1188 - f * 691 / 360360))))) / x
}

// x (x+1) ... up to 15, the factor between gamma there and gamma here
const rise = x => {
  let product = 1
  for (; x < 15; x++) product *= x
  return [x, product]
}

function gamma(x) {
  if (x <= 0) return Number.isInteger(x) ? (x ? NaN : 1 / x) : Math.PI / (sin(Math.PI * (x - 2 * Math.round(x / 2))) * gamma(1 - x))
  if (x > 171.7) return x < Infinity || x === Infinity ? Infinity : NaN
  const [z, product] = rise(x), half = z ** (z / 2 - 0.25)
  return half * exp(-z) * half * sqrt(2 * Math.PI) * exp(stirling(z)) / product
}

// gamma differentiated k times, from its first derivative, gamma times digamma
function gamma_derivative(x, k) {
  const d = [gamma(x)]
  for (let n = 0; n < k; n++) {
    let next = 0
    for (let j = 0, choose = 1; j <= n; choose *= (n - j) / (j + 1), j++) next += choose * d[j] * polygamma(n - j, x)
    d.push(next)
  }
  return d[k]
}

function lgamma(x) {
  if (x === Infinity || x === -Infinity) return Infinity
  if (x <= 0) return Number.isInteger(x) ? Infinity : log(Math.PI / abs(sin(Math.PI * (x - Math.round(x))))) - lgamma(1 - x)
  return x < 15 ? log(gamma(x)) : (x - 0.5) * log(x) - x + log(2 * Math.PI) / 2 + stirling(x)
}

function digamma(x) {
  if (x <= 0) return Number.isInteger(x) ? NaN : digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)))
  let below = 0
  for (; x < 15; x++) below += 1 / x
  const f = 1 / (x * x)
  return log(x) - 0.5 / x - f * (1 / 12 - f * (1 / 120 - f * (1 / 252 - f * (1 / 240 - f * (1 / 132 - f * 691 / 32760))))) - below
}

// the n-th derivative of digamma: the terms below x = 20 one by one, the rest by Euler and Maclaurin
function polygamma(n, x) {
  if (!n) return digamma(x)
  let total = 0, factorial = 1
  for (let i = 2; i < n; i++) factorial *= i // (n - 1)!
  for (; x < 20; x++) total += n * x ** -(n + 1)
  total += x ** -n + n / 2 * x ** -(n + 1)
  let term = n * x ** -(n + 2)
  for (const [i, b] of [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6].entries()) {
    const k = 2 * i + 2
    term *= i ? (n + k - 2) / (k - 1) : 1
    term *= (n + k - 1) / k / (i ? x * x : n)
    total += b * term * (i ? 1 : n)
  }
  return (n % 2 ? 1 : -1) * factorial * total
}

const relu = x => x <= 0 ? 0 : x

function sigmoid(x) {
  const e = exp(-abs(x))
  return (x < 0 ? e : 1) / (1 + e)
}

const softplus = x => (x > 0 ? x : 0) + log1p(exp(-abs(x)))

const silu = x => x === -Infinity ? 0 : x * sigmoid(x)

const softsign = x => abs(x) === Infinity ? sign(x) : x / (1 + abs(x))

const gelu = x => x === -Infinity ? 0 : x * normal_cdf(x)

// the even one in the middle
const nearest = x => remainder(x, 1) === x ? copysign(0, x) : x - remainder(x, 1)

const gt = (a, b) => +(a > b)

const ge = (a, b) => +(a >= b)

const lt = (a, b) => +(a < b)

const le = (a, b) => +(a <= b)

const eq = (a, b) => +(a === b)

const ne = (a, b) => +(a !== b)

const where = (c, a, b) => c ? a : b

const clamp = (x, low, high) => x < low ? low : x > high ? high : x

const copysign = (a, b) => b < 0 || Object.is(b, -0) ? -abs(a) : abs(a)

const fmod = (a, b) => a % b

// Python's %: the sign of b
function mod(a, b) {
  const r = a % b
  return r === 0 ? copysign(0, b) : (r < 0) !== (b < 0) ? r + b : r
}

const floordiv = (a, b) => b === 0 || abs(a) === Infinity ? (b === 0 ? a / b : NaN) : nearest((a - mod(a, b)) / b)

// to the nearest multiple of b, a tie to the even one
function remainder(a, b) {
  const r = a % b, half = abs(b) / 2, odd = abs(trunc(a / b)) % 2
  if (abs(b) === Infinity) return a
  return abs(r) > half || (abs(r) === half && odd) ? r - copysign(b, r) : r
}

// a polynomial with the coefficients c of a**j * b**(n - j), over hypot(a, b)**p
function over_length(c, a, b, p) {
  if (a === 0 && b === 0) return 0
  let total = -0
  c.forEach((x, j) => { if (x) total += x * (a / hypot(a, b)) ** j * (b / hypot(a, b)) ** (c.length - 1 - j) })
  return total * hypot(a, b) ** (c.length - 1 - p)
}

// hypot differentiated k times to a, m times to b: the quotient rule on such a polynomial
function hypot_derivative(a, b, k, m) {
  let c = [1]
  for (let n = 0; n < k + m; n++) {
    const to_a = n < k, after = Array(n + 2).fill(0), add = (j, x) => { if (x) after[j] += x }
    c.forEach((x, j) => {
      const power = to_a ? j : n - j
      add(to_a ? j + 1 : j, (power - 2 * n + 1) * x)
      add(to_a ? j - 1 : j + 2, power * x)
    })
    c = after
  }
  return over_length(c, a, b, 2 * (k + m) - 1)
}

// atan2 differentiated k times to a, m times to b: the imaginary part of log(b + ai), which -1 / (b + ai) brings on
function atan2_derivative(a, b, k, m) {
  const n = k + m
  let c = [], choose = 1
  for (let i = 1; i < n; i++) choose *= -i // (n - 1)! with the sign
  for (let j = 0; j <= n; choose *= (n - j) / (j + 1), j++) c.push(choose * [0, 1, 0, -1][(k - j + 4 * n) % 4])
  return over_length(c, a, b, 2 * n)
}

const logaddexp = (a, b) => a === b ? a + Math.LN2 : (a > b ? a : b) + log1p(exp(-abs(a - b)))

const sum = (...x) => x.reduce((a, b) => a + b, 0)

const prod = (...x) => x.reduce((a, b) => a * b, 1)

// weights, inputs, and a bias when the number of operands is odd
function dot(...x) {
  const n = x.length >> 1
  let total = x.length % 2 ? x[2 * n] : 0
  for (let i = 0; i < n; i++) total += x[i] * x[n + i]
  return total
}

const sumprod = dot

function logsumexp(...x) {
  const top = Math.max(...x)
  return abs(top) === Infinity ? top : top + log(sum(...x.map(z => exp(z - top))))
}

const maximum = Math.max

const minimum = Math.min

const norm = Math.hypot

// the operands of a logsumexp, and last what it gave
const logsumexp_rest = (...x) => logsumexp(...x.slice(0, -1)) - x[x.length - 1]

