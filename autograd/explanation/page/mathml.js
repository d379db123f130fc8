// An expression in Python's notation as mathematics: fractions, powers, indices, a true minus.

function mathOf(text) {
  const tokens = text.match(/\d[\d.]*(?:e[+-]?\d+)?|[\p{L}_][\p{L}\d_]*(?:\[[\d,]+\])?|\*\*|\/\/|[<>=!]=|\S/gu) || []
  let at = 0
  const eat = (...signs) => signs.includes(tokens[at]) ? tokens[at++] : ''
  const row = part => `<mrow>${part.inside ?? part.all}</mrow>`, mark = sign => `<mo>${escaped(sign)}</mo>`, plain = all => ({all})
  const name = token => {
    const [, stem, index] = /^(.+?)_?(\d+|\[[\d,]+\])?$/.exec(token), letters = `<mi>${escaped(stem)}</mi>`
    return plain(index ? `<msub>${letters}<mn>${index.replace(/[[\]]/g, '')}</mn></msub>` : letters)
  }
  const list = close => {
    let all = ''
    while (at < tokens.length && !eat(close)) all += eat(',') ? mark(',') : compared().all
    return all
  }
  const atom = () => {
    const token = tokens[at++] ?? ''
    if (token === '(' || token === '[') {
      const inside = list(token === '(' ? ')' : ']')
      return {all: mark(token) + inside + mark(token === '(' ? ')' : ']'), inside: token === '(' ? inside : null}
    }
    if (/^\d/.test(token)) return plain(`<mn>${token}</mn>`)
    if (tokens[at] !== '(') return /^[\p{L}_]/u.test(token) ? name(token) : plain(mark(token))
    at++
    const inside = list(')')
    return plain(token === 'sqrt' ? `<msqrt>${inside}</msqrt>` : token === 'abs' ? mark('|') + inside + mark('|') :
      `<mi>${escaped(token)}</mi>${mark('(')}${inside}${mark(')')}`)
  }
  const power = () => {
    const base = atom()
    return eat('**') ? plain(`<msup><mrow>${base.all}</mrow>${row(signed())}</msup>`) : base
  }
  const signed = () => eat('-') ? plain(mark('−') + signed().all) : power()
  const product = () => {
    let left = signed()
    for (let sign; (sign = eat('*', '/', '//', '%'));)
      left = plain(sign === '/' ? `<mfrac>${row(left)}${row(signed())}</mfrac>` : left.all + mark(sign === '*' ? '·' : sign) + signed().all)
    return left
  }
  const chain = (next, signs) => {
    let left = next()
    for (let sign; (sign = eat(...signs));) left = plain(left.all + mark({'-': '−', '==': '='}[sign] || sign) + next().all)
    return left
  }
  const compared = () => chain(() => chain(product, ['+', '-']), ['<', '>', '<=', '>=', '==', '!=', '='])
  const {all} = compared()
  return at === tokens.length ? `<math>${all}</math>` : escaped(text)
}
