// Where no expressions are typed (there the playground's parser does this).

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
