// Expressions of names and numbers: a rule that is read on them writes itself, as Python's `Text` does.

const COMPARE = 0, SUM = 1, PRODUCT = 2, SIGN = 3, POWER = 4, ATOM = 9

// An expression with its number; `rank` says how tightly its outermost operator binds. `literal` marks a number
// written as such, `fixed` one that never changes and may be worked out while writing.
class Expression {
  constructor(text, value, rank = ATOM, tight = '') {
    Object.assign(this, {text, value, rank, tight: tight || text, literal: false, fixed: false})
  }
}

function numeral(value, shown = '', fixed = false) {
  const text = shown || (fixed ? constant(value) : digits(value))
  return Object.assign(new Expression(text, value, text.startsWith('-') ? SIGN : ATOM), {literal: true, fixed})
}

// a number that stands in a rule, such as 1 / sqrt(2 * pi); its number is what is shown of it
function ofRule(value) {
  const usual = digits(value), shown = number(usual) === value ? usual : general(value, 6)
  return numeral(number(shown), shown, true)
}

const symbolOf = node => node.constant && node.name === constant(valueOf(node)) ?
  numeral(valueOf(node), node.name, true) : new Expression(node.name, valueOf(node))

// R.tanh, R.mul, ...: on numbers a number, on expressions an expression.
const R = new Proxy({}, {get: (_, name) => (...xs) => xs.some(x => x instanceof Expression) ? applied(name, xs) : NUMERIC[name](...xs)})

function applied(name, operands) {
  const parts = operands.map(x => x instanceof Expression ? x : ofRule(x))
  if (name === 'where') return parts[parts[0].value ? 1 : 2]
  const value = NUMERIC[name](...parts.map(x => x.value))
  if (name !== 'div' && parts.every(x => x.fixed)) return numeral(value, '', true) // 1 / 2 says more than 0.5
  return shorter(name, parts) || written(name, parts, value)
}

// the part, or its negative, that is all there is to say of `1 * x`, `x / 1`, `x**1`, `x + 0`
const DROPPED = {mul: [1, 1], div: [null, 1], pow: [null, 1], add: [0, 0], sub: [null, 0]}
function shorter(name, parts) {
  const [left, right] = parts
  if (name === 'neg' && left.literal) {
    const shown = left.value < 0 ? left.text.replace(/^-/, '') : (left.value !== 0 ? '-' : '') + left.text
    return numeral(-left.value, shown, left.fixed)
  }
  if (parts.length !== 2) return null
  const [first, second] = DROPPED[name] || [null, null]
  if (left.fixed && left.value === first) return right
  if (right.fixed && right.value === second) return left
  if (name === 'mul' && left.fixed && left.value === -1) return R.neg(right)
  if (name === 'mul' && right.fixed && right.value === -1) return R.neg(left)
  return null
}

// how many of the last operands say how often to differentiate
const ORDERS = {erf_derivative: 1, normal_derivative: 1, gamma_derivative: 1, pow_derivative: 2, hypot_derivative: 2, atan2_derivative: 2}

const unwrapped = name => name.replace(/^\((.*)\)$/, '$1') // a label that holds operators, without its brackets
const wrapped = (x, rank, tight = false) => x.rank < rank ? `(${x.tight})` : tight ? x.tight : x.text

// The expression of an op on these parts, as it stands.
function written(name, parts, value = 0) {
  const texts = some => some.map(x => x.tight).join(', ')
  if (INFIX[name] && parts.length === 2) return infix(...INFIX[name], parts, value)
  if (name === 'neg') return new Expression('-' + wrapped(parts[0], SIGN + 1), value, SIGN)
  if ((name === 'sum' || name === 'prod') && parts.length > 1)
    return name === 'sum' ? infix('+', SUM, parts, value) : infix('*', PRODUCT, parts, value)
  if (name === 'dot' || name === 'sumprod') {
    const n = parts.length >> 1, rest = parts.slice(2 * n).map(x => ', ' + x.tight).join('')
    return new Expression(`${name}([${texts(parts.slice(0, n))}], [${texts(parts.slice(n, 2 * n))}]${rest})`, value)
  }
  const orders = ORDERS[name] || 0, base = orders ? `${name.replace('_derivative', '')}^(${parts.slice(-orders).map(x => general(x.value, 6))})` : name
  const inside = texts(parts.slice(0, parts.length - orders))
  return new Expression(`${base}(${parts.length === 1 && parts[0].rank === ATOM ? unwrapped(inside) : inside})`, value)
}

// operands around an operator; what binds tighter is written without spaces
function infix(sign, rank, parts, value) {
  if (rank === POWER) {
    const [base, exponent] = parts
    return new Expression(`${wrapped(base, POWER + 1)}**${wrapped(exponent, exponent.literal ? COMPARE : SIGN)}`, value, POWER)
  }
  const least = i => rank + (i || rank === COMPARE ? 1 : 0) // a + (b + c) is another graph
  const loose = parts.map((x, i) => wrapped(x, least(i), x.rank > rank))
  const close = parts.map((x, i) => wrapped(x, least(i), true))
  const shown = sign === '-' ? loose.map((x, i) => i && x.startsWith('-') ? `(${x})` : x) : loose
  const text = shown.join(` ${sign} `)
  return new Expression(text, value, rank, rank === PRODUCT ? close.join(sign) : text)
}
