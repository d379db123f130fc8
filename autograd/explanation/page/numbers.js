// Numbers as they are shown (the same rule as in Python's digits) and as a learner may type them.

const python = text => text.replace(/e([+-])(\d)$/, 'e$10$2')

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

function digits(x) {
  const a = Math.abs(x)
  if (a === 0) return '0'
  if (!isFinite(x)) return x > 0 ? 'inf' : x < 0 ? '-inf' : 'nan'
  if (a >= 1e16) {
    const rounded = python(x.toExponential(4))
    return rounded.length < short(x).length ? rounded : short(x)
  }
  for (const near of [+fixed(x, 4), a < 1 ? +x.toPrecision(4) : NaN])
    if (Math.abs(x - near) <= 1e-12 * a) return short(near)
  if (a >= 10) return python(x.toPrecision(5))
  if (a >= 0.1) return fixed(x, 4)
  const few = x.toExponential(3), power = +few.split('e')[1]
  return power < -4 ? python(few) : fixed(x, 3 - power)
}

// What was typed, as a number, or null: -1.5  -3/2  0.5*-3  0,5  full-width digits, the long minus
function parse(typed) {
  const text = typed.normalize('NFKC').replace(/[−–—]/g, '-').replace(/[×·]/g, '*').replace(/÷/g, '/')
    .replace(/[,。]/g, '.').replace(/(?<![\d.]) +| +(?![\d.])/g, '')
  let at = 0
  const eat = sign => text.startsWith(sign, at) && (at += sign.length)
  const atom = () => {
    if (eat('(')) {
      const x = sum()
      return eat(')') ? x : NaN
    }
    const found = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text.slice(at))
    return found ? (at += found[0].length, +found[0]) : NaN
  }
  const power = () => {
    const x = atom()
    return eat('**') ? x ** factor() : x
  }
  const factor = () => eat('-') ? -factor() : eat('+') ? factor() : power()
  const product = () => {
    for (let x = factor(); ;) {
      if (eat('*')) x *= factor()
      else if (eat('/')) x /= factor()
      else return x
    }
  }
  const sum = () => {
    for (let x = product(); ;) {
      if (eat('+')) x += product()
      else if (eat('-')) x -= product()
      else return x
    }
  }
  const x = sum()
  return at === text.length && !isNaN(x) ? x : null
}

// right is what is within 1 %, or what would be shown
function near(typed, right) {
  if (!isFinite(right)) return Object.is(typed, right)
  return Math.abs(typed - right) <= 0.01 * Math.abs(right) || typed === +digits(right)
}
