// How a number is shown: the same rule as in Python's `digits`, and equalities whose shown digits are true.

const ROUNDING = 1e-12 // relative: 0.1 + 0.2 counts as 0.3
const python = text => text.replace(/e([+-])(\d)$/, 'e$10$2')
const number = text => text === 'inf' ? Infinity : text === '-inf' ? -Infinity : +text

function short(x) {
  const a = Math.abs(x)
  return python(a && (a >= 1e16 || a < 1e-4) ? x.toExponential() : String(x))
}

// n decimals; a tie goes to the even digit, as in Python
function fixed(x, n) {
  const text = x.toFixed(n), exact = x.toFixed(n + 30)
  const odd = text.at(-1) % 2, tie = /50{29}$/.test(exact)
  return odd && tie ? exact.slice(0, -30).replace(/\.$/, '') : text
}

// n significant digits with an exponent, ties to the even digit
function scientific(x, n) {
  const text = x.toExponential(n - 1), exact = x.toExponential(Math.min(n + 29, 100))
  const [mantissa, power] = exact.split('e'), odd = text.split('e')[0].at(-1) % 2
  return odd && /50{29}$/.test(mantissa) ? `${mantissa.slice(0, -30).replace(/\.$/, '')}e${power}` : text
}

// n significant digits as Python's format `.ng` writes them
function general(x, n) {
  if (!isFinite(x) || x === 0) return x === 0 ? '0' : x > 0 ? 'inf' : x < 0 ? '-inf' : 'nan'
  const text = scientific(x, n), [mantissa, exponent] = text.split('e'), power = +exponent
  const bare = digits_ => digits_.includes('.') ? digits_.replace(/\.?0+$/, '') : digits_
  if (power < -4 || power >= n) return python(`${bare(mantissa)}e${exponent}`)
  return bare(plain(mantissa, power))
}

// the digits of `mantissa`, moved by `power` places
function plain(mantissa, power) {
  const sign = mantissa.startsWith('-') ? '-' : '', figures = mantissa.replace(/[-.]/g, '')
  if (power < 0) return `${sign}0.${'0'.repeat(-power - 1)}${figures}`
  const whole = figures.padEnd(power + 1, '0')
  return sign + whole.slice(0, power + 1) + (whole.length > power + 1 ? '.' + whole.slice(power + 1) : '')
}

// The number as people see it, in `more` digits more than the rule's: exact to 4 decimals as short as possible,
// else 4 decimals, from 10 on five digits, and never fewer than 4.
function digits(x, more = 0) {
  const size = Math.abs(x)
  if (size === 0) return more && Object.is(x, -0) ? '-0.0' : '0' // 1 / -0.0 is not 1 / 0
  if (!isFinite(x)) return x > 0 ? 'inf' : x < 0 ? '-inf' : 'nan'
  if (more >= ALL) return short(x)
  if (size >= 1e16) {
    const rounded = python(scientific(x, 5 + more))
    return rounded.length < short(x).length ? rounded : short(x)
  }
  const rounded = size >= 0.1 && size < 10 ? fixed(x, 4 + more) : significant(x, (size < 0.1 ? 4 : 5) + more)
  const exact = [+fixed(x, 4), +rounded]
  if (!more && size >= 0.1 && size < 1) exact.push(+scientific(x, 4))
  const near = exact.find(near => Math.abs(x - near) <= ROUNDING * size)
  return near === undefined ? rounded : short(near)
}

// n significant digits, zeros at the end included
function significant(x, n) {
  const [mantissa, exponent] = scientific(x, n).split('e')
  return +exponent < -4 || +exponent >= n ? python(`${mantissa}e${exponent}`) : plain(mantissa, +exponent)
}

// a constant in an expression: as Python writes it, shortened only with dots
function constant(x) {
  for (const shown of [digits(x), general(x, 10)])
    if (!isFinite(x) || Math.abs(number(shown) - x) <= ROUNDING * Math.abs(x)) return shown
  const [mantissa, power] = short(x).split('e')
  return `${mantissa.slice(0, 10)}...${power === undefined ? '' : 'e' + power}`
}

// -- equalities whose shown digits are true -----------------------------------------------------------------

const ALL = 12, AGREES = 1.1e-3 // so many digits more are all that a float has; relative
const multiplied = numbers => numbers.reduce((a, b) => a * b)
const added = numbers => numbers.reduce((a, b) => a + b)
const addedProducts = numbers => added(numbers.filter((_, i) => i % 2 === 0).map((x, i) => x * numbers[2 * i + 1]))

// what numbers share that look the same but for their sign
const alike = x => isFinite(x) ? scientific(Math.abs(x), 12) : String(Math.abs(x))

// How the numbers of one trace are shown: true equations, and one look of a number in all of them. An equation is
// [evaluate, numbers, result]; what has a result stands before what makes it. `evaluate` gives null where Python refuses.
class Digits {
  constructor(equations, constants) {
    this.more = new Map()
    this.written = new Map()
    for (const x of constants) {
      const text = constant(Math.abs(x))
      if (!text.includes('...')) this.written.set(alike(x), text)
    }
    for (let waiting = true; waiting;) { // digits only ever get more, up to all, so this ends
      waiting = false
      for (const equation of equations) for (const [key, count] of this.needed(equation)) {
        this.more.set(key, (this.more.get(key) || 0) + count)
        waiting = true
      }
    }
  }

  shown(x, more = null) {
    const key = alike(x), written = this.written.get(key)
    if (written !== undefined) return x >= 0 ? written : '-' + written
    return digits(x, (this.more.get(key) || 0) + (more?.get(key) || 0))
  }

  // whether an equation comes out; null where Python refuses to evaluate
  fits([evaluate, numbers, result], more = null) {
    if (isNaN(result) && numbers.every(isFinite)) return null
    const value = evaluate(numbers.map(x => number(this.shown(x, more))))
    return value === null ? null : comesOut(value, this.shown(result))
  }

  // how many digits more which operands need: none where it comes out, or where no digits do
  needed(equation) {
    if (this.fits(equation) !== false) return []
    const keys = [...new Set(equation[1].map(alike))]
    for (let most = 1; most <= ALL; most++) {
      const more = new Map(keys.map(key => [key, most]))
      if (!this.fits(equation, more)) continue
      for (const key of keys) for (let few = 0; few <= most; few++) // no more than each of them needs
        if (this.fits(equation, new Map(more).set(key, few))) {
          more.set(key, few)
          break
        }
      return [...more].filter(([, count]) => count)
    }
    return []
  }

  // the numbers as they are shown, if evaluating them gives the shown result; else null
  of(evaluate, numbers, result) {
    return this.fits([evaluate, numbers, result]) ? numbers.map(x => this.shown(x)) : null
  }

  // `upstream * local = flow` in numbers; 0 alone where a choice keeps even nan * 0 out
  product(upstream, local, flow) {
    const shown = this.of(multiplied, [upstream, local], flow)
    return shown ? `${shown[0]} * ${shown[1]} = ${this.shown(flow)}` : this.shown(flow)
  }

  // `-3 + 2 = -1`; one term alone is its own sum
  total(terms, result) {
    const shown = terms.length > 1 && this.of(added, terms, result)
    return shown ? `${shown.join(' + ')} = ${this.shown(result)}` : this.shown(result)
  }
}

// true when `value` is what is shown, to one unit of the last digit
function comesOut(value, shown) {
  const result = number(shown)
  if (!isFinite(value) || !isFinite(result)) return value === result || (isNaN(value) && isNaN(result))
  return Math.abs(value - result) <= unit(shown) * (1 + 1e-6)
}

// one unit of the last digit of a shown number, or of the rule's last digit where that is finer
function unit(shown) {
  const [mantissa, exponent = '0'] = shown.split('e'), last = +exponent - (mantissa.split('.')[1] || '').length
  const size = Math.abs(+shown) || 1, first = +scientific(size, 17).split('e')[1]
  const rule = size < 0.1 ? first - 3 : size < 10 ? -4 : first - 4
  return +`1e${Math.min(last, rule)}`
}

// true when a formula's `value` is the `result` of the exact rules but for rounding
function agrees(value, result) {
  if (!isFinite(value) || !isFinite(result)) return value === result || (isNaN(value) && isNaN(result))
  return Math.abs(value - result) <= AGREES * Math.abs(result)
}
