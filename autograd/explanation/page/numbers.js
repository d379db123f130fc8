// Numbers as a learner may type them.

// What a Chinese keyboard types, as Python writes it: `narrowed` of autograd/messages/chinese.py
const SIGNS = {}
for (const sign of '\u00b7\u00d7\u2022\u2219\u22c5\u30fb') SIGNS[sign] = '*'
for (const sign of '\u2010\u2012\u2013\u2014\u2212') SIGNS[sign] = '-'
for (const sign of '\u00f7\u2215\u2044') SIGNS[sign] = '/'
Object.assign(SIGNS, {'\u3010': '[', '\u3011': ']', '\u3001': ','})
const RAISED = /[\u207a\u207b]?[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+/g
const narrowed = typed => typed.replace(RAISED, run => '**' + run.normalize('NFKC')).normalize('NFKC')
  .replace(/./gsu, sign => SIGNS[sign] || sign).replace(/(?<=\p{Nd})\u3002(?=\p{Nd})/gu, '.')

// What was typed, as a number, or null: -1.5  -3/2  0.5*-3  0,5  full-width digits, the long minus, a raised 2;
// a formula in one letter at the number x
function parse(typed, x) {
  if (typed.includes('\u3001')) return null // it stands between two numbers
  const text = narrowed(typed).replace(/[,\u3002]/g, '.').replace(/(?<![\w.]) +| +(?![\w.])/g, '')
  let at = 0, letter
  const eat = sign => text.startsWith(sign, at) && (at += sign.length)
  const atom = () => {
    if (eat('(')) {
      const x = sum()
      return eat(')') ? x : NaN
    }
    const found = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?/i.exec(text.slice(at))
    if (found) return at += found[0].length, +found[0]
    const [name] = /^[a-z_]\w*/i.exec(text.slice(at)) || []
    return x !== undefined && eat(name) && name === (letter ??= name) ? x : NaN
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
  const value = sum()
  return at === text.length && !isNaN(value) ? value : null
}

// right is what is within 1 %, or what would be shown
function near(typed, right) {
  if (!isFinite(right)) return Object.is(typed, right)
  return Math.abs(typed - right) <= 0.01 * Math.abs(right) || typed === +digits(right)
}
