// What was typed, as a graph; at a mistake where it is, what to say, and what to put there instead.

// A mistake: `key` names its sentence; from..to is what is wrong, `fix` what to type there, if that is known.
class Mistake extends Error {
  constructor(key, from, to, fields = {}, fix = null) {
    super(key)
    Object.assign(this, {key, from, to, fields, fix})
  }
}

// the functions that can be typed: the ops that no sign stands for, and what is written out in ops
const FUNCTIONS = {__proto__: null, dot, sumprod: dot, softmax, log_softmax}
for (const [name, op] of Object.entries(OPS)) if (!(name in INFIX) && name !== 'neg') FUNCTIONS[name] = op
const CONSTANTS = {__proto__: null, pi: Math.PI, e: Math.E, tau: 2 * Math.PI, inf: Infinity}
const FULL_WIDTH = RegExp(`[\uff01-\uff5e\u3002${Object.keys(SIGNS).join('')}]`)
const narrow = sign => sign === '\u3002' ? '.' : narrowed(sign)
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\d_]*)|(\*\*|\/\/|<=|>=|==|!=|[-+*\/%()[\],<>=.]))/uyi

function tokens(text, start) {
  const found = []
  let at = 0
  while (/\S/.test(text.slice(at))) {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text), blank = at + /^\s*/.exec(text.slice(at))[0].length
    if (match && !FULL_WIDTH.test(text[blank])) {
      const [, digits, name, sign] = match, end = TOKEN.lastIndex
      if (RESERVED.split(' ').includes(name)) throw new Mistake('taken', start + blank, start + end, {name})
      found.push({kind: digits ? 'number' : name ? 'name' : 'sign', text: digits || name || sign, from: start + blank, to: start + end})
      at = end
      continue
    }
    const sign = text[blank], from = start + blank
    if (FULL_WIDTH.test(sign)) throw new Mistake('full_width', from, from + 1, {sign, fix: narrow(sign)}, narrow(sign))
    const raised = text.slice(blank).match(RAISED)?.[0]
    if (raised && text.startsWith(raised, blank)) {
      const fix = narrowed(raised)
      throw new Mistake('raised', from, from + raised.length, {sign: raised, fix}, fix)
    }
    if (sign === '^') throw new Mistake('caret', from, from + 1, {fix: '**'}, '**')
    throw new Mistake('sign', from, from + 1, {sign})
  }
  return found
}

// An answer as a number, or null; arithmetic.js does this where no graphs are typed.
function parse(typed) {
  const text = narrowed(typed).replace(/[,\u3002]/g, '.')
  try {
    const found = typed.includes('\u3001') ? null : new Reader(tokens(text, 0), new Map(), text.length).whole()
    return typeof found === 'number' && !isNaN(found) ? found : null
  } catch (mistake) {
    if (mistake instanceof Mistake) return null
    throw mistake
  }
}

// The graph of some lines: {root, names, values}; names maps a node to what it is called.
function parseLines(text) {
  const env = new Map(), names = new Map(), lines = []
  let at = 0
  for (const line of text.split(/[\n;]/)) {
    const bare = line.replace(/#.*/, '')
    if (/\S/.test(bare)) lines.push([bare, at])
    at += line.length + 1
  }
  if (!lines.length) throw new Mistake('empty', 0, 0)
  let root = null
  for (const [line, start] of lines) {
    const read = new Reader(tokens(line, start), env, start + line.length)
    const goal = read.goal()
    let found = read.whole()
    if (Array.isArray(found) && (!goal || line === lines.at(-1)[0])) throw new Mistake('several', start, start + line.length, {}, line.trimEnd() + '[0]')
    if (goal && typeof found === 'number') found = {leaf: true, of: [], value: found, given: true}
    if (goal && env.has(goal.text)) throw new Mistake(env.get(goal.text).leaf ? 'late' : 'twice', goal.from, goal.to, {name: goal.text})
    if (goal) env.set(goal.text, found)
    else if (line !== lines.at(-1)[0]) throw new Mistake('nameless', start, start + line.length)
    if (Array.isArray(found)) found.forEach((share, i) => names.has(share) || names.set(share, `${goal.text}[${i}]`))
    else root = operand(found)
    if (goal && root === found && !names.has(root)) names.set(root, goal.text)
  }
  if (root.constant) throw new Mistake('number', at - text.length - 1, at - 1, {number: digits(root.value)})
  for (const [name, node] of env) if (node.leaf && !names.has(node)) names.set(node, name)
  return {root, names}
}

// The rules of an op, typed in its operands a, b, c and its result y, as a function of numbers or of names.
function typedRules(texts) {
  const env = new Map()
  let rules
  return (x, y) => {
    rules ??= texts.map(text => text && new Reader(tokens(text, 0), env, 0).whole())
    const at = rule => typeof rule === 'number' || !rule ? rule : rule.constant ? rule.value : R[rule.key](...rule.of.map(at))
    const given = {a: x[0], b: x[1], c: x[2], y}
    for (const [name, leaf] of env) Object.assign(leaf, {constant: true, value: given[name]})
    return rules.map(at)
  }
}

class Reader {
  constructor(tokens, env, end) { Object.assign(this, {tokens, env, end, at: 0, open: []}) }

  peek(...texts) {
    const token = this.tokens[this.at]
    return token && token.kind === 'sign' && texts.includes(token.text) ? token : null
  }

  eat(...texts) {
    const token = this.peek(...texts)
    if (token) this.at++
    return token
  }

  // the name before `=`, or null
  goal() {
    const [name, sign, then] = this.tokens
    if (!sign || sign.text !== '=' || name.kind !== 'name') return null
    if (name.text in CONSTANTS || name.text in FUNCTIONS) throw new Mistake('taken', name.from, name.to, {name: name.text})
    if (!then) throw new Mistake('missing', sign.to, sign.to, {sign: '='})
    this.at = 2
    return name
  }

  whole() {
    const found = this.comparison(), token = this.tokens[this.at]
    if (token) this.refuse(token)
    return found
  }

  // what stands where an expression was over
  refuse(token) {
    const before = this.tokens[this.at - 1]
    if (token.text === '=') throw new Mistake('equals', token.from, token.to)
    if (token.text === ')' || token.text === ']') throw new Mistake('closed', token.from, token.to, {sign: token.text})
    if (/[<>]|[!=]=/.test(token.text)) throw new Mistake('compare', token.from, token.to)
    if (token.text === ',') throw new Mistake('comma', token.from, token.to)
    if (token.text === '[') throw new Mistake('sign', token.from, token.to, {sign: '['})
    const left = before ? before.text : '', fix = `${left}*${token.text}`
    throw new Mistake('product', before ? before.from : token.from, token.to, {got: `${left}${before && before.to < token.from ? ' ' : ''}${token.text}`, fix}, fix)
  }

  comparison() {
    const left = this.sum(), token = this.eat('<', '<=', '>', '>=', '==', '!=')
    if (!token) return left
    const name = Object.keys(INFIX).find(name => INFIX[name][0] === token.text)
    return node(name, [single(left, token), single(this.sum(token), token)])
  }

  chain(next, signs) {
    let left = next(null)
    for (let token; (token = this.eat(...Object.keys(signs)));) left = node(signs[token.text], [single(left, token), single(next(token), token)])
    return left
  }

  sum(after) { return this.chain(token => this.product(token || after), {'+': 'add', '-': 'sub'}) }
  product(after) { return this.chain(token => this.signed(token || after), {'*': 'mul', '/': 'div', '//': 'floordiv', '%': 'mod'}) }

  signed(after) {
    const token = this.eat('-', '+')
    if (!token) return this.power(after)
    const x = single(this.signed(token), token)
    return token.text === '+' ? x : node('neg', [x])
  }

  power(after) {
    const base = this.postfix(after), token = this.eat('**')
    return token ? node('pow', [single(base, token), single(this.signed(token), token)]) : base
  }

  postfix(after) {
    let found = this.atom(after)
    for (let dot; (dot = Array.isArray(found) && this.eat('[') || this.eat('.'));) { // p[0], x.tanh() as in a notebook
      if (dot.text === '[') {
        const [at, more] = this.list(']', dot), one = more === undefined ? found.at(at) : undefined
        if (one === undefined || !Number.isInteger(at)) throw new Mistake('place', dot.from, this.tokens[this.at - 1].to, {last: found.length - 1})
        found = one
        continue
      }
      const name = this.tokens[this.at++]
      if (!name || name.kind !== 'name') throw new Mistake('missing', dot.to, dot.to, {sign: '.'})
      const open = this.eat('(')
      if (!open && name.text in FUNCTIONS) throw new Mistake('function', name.from, name.to, {name: name.text})
      if (!open) unknown(name)
      found = called(name, [found, ...this.list(')', open)])
    }
    return found
  }

  atom(after) {
    const token = this.tokens[this.at]
    if (!token || (token.kind === 'sign' && token.text !== '(' && token.text !== '[')) {
      if (token?.text === '=') throw new Mistake('equals', token.from, token.to)
      if (!token && this.open.length && !after) throw new Mistake('open', this.open.at(-1).from, this.open.at(-1).to, {sign: this.open.at(-1).text})
      const at = token ? token.from : this.end
      throw new Mistake(after ? 'missing' : 'nothing', at, token ? token.to : at, {sign: after ? after.text : token ? token.text : ''})
    }
    this.at++
    if (token.kind === 'number') {
      const next = this.tokens[this.at]
      if (next && next.from === token.to && (next.kind === 'name' || next.text === '(')) {
        const fix = `${token.text}*${next.text}`
        throw new Mistake('product', token.from, next.to, {got: token.text + next.text, fix}, fix)
      }
      return +token.text
    }
    if (token.text === '(') {
      const inside = this.within(token, () => this.comparison())
      this.close(token, ')')
      return inside
    }
    if (token.text === '[') return this.list(']', token)
    const open = this.peek('(')
    if (open) {
      if (!(token.text in FUNCTIONS) && (token.text.length === 1 || this.env.has(token.text))) this.refuse(open)
      this.at++
      return called(token, this.list(')', open))
    }
    return this.name(token)
  }

  name(token) {
    const {text: name, from, to} = token
    if (this.env.has(name)) return this.env.get(name)
    if (name in CONSTANTS) return CONSTANTS[name]
    if (name in FUNCTIONS || name in SPOKEN) throw new Mistake('function', from, to, {name: SPOKEN[name] || name}, name in SPOKEN ? SPOKEN[name] : null)
    const leaf = {leaf: true, of: [], value: null}
    this.env.set(name, leaf)
    return leaf
  }

  within(open, read) {
    this.open.push(open)
    const found = read()
    this.open.pop()
    return found
  }

  close(open, sign) {
    const token = this.tokens[this.at]
    if (this.eat(sign)) return
    if (!token) throw new Mistake('open', open.from, open.to, {sign: open.text, fix: sign})
    this.refuse(token)
  }

  list(sign, open) {
    const found = []
    if (this.eat(sign)) return found
    do found.push(this.within(open, () => this.comparison())); while (this.eat(','))
    this.close(open, sign)
    return found
  }
}

const SPOKEN = {__proto__: null, ln: 'log', lg: 'log10', tg: 'tan', ctg: '1/tan', arctan: 'atan', arctg: 'atan',
  th: 'tanh', max: 'maximum', min: 'minimum', sgn: 'sign', sig: 'sigmoid', ReLU: 'relu', power: '**'}

function unknown({text: name, from, to}) {
  if (ELSEWHERE.includes(name)) throw new Mistake('elsewhere', from, to, {name})
  const fix = SPOKEN[name] || SPOKEN[name.toLowerCase()] || likeliest(name)
  if (fix) throw new Mistake('meant', from, to, {name, fix}, fix)
  throw new Mistake('unknown_function', from, to, {name})
}

// the function whose name is one slip away
function likeliest(name) {
  const away = (a, b) => {
    const rows = [[...b, ''].map((_, j) => j)]
    for (let i = 1; i <= a.length; i++) {
      const row = [i]
      for (let j = 1; j <= b.length; j++) {
        const turned = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
        const ways = [rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] !== b[j - 1])]
        row.push(Math.min(...ways, ...(turned ? [rows[i - 2][j - 2] + 0.5] : [])))
      }
      rows.push(row)
    }
    return rows[a.length][b.length]
  }
  const low = name.toLowerCase(), close = Object.keys(FUNCTIONS).map(one => [away(low, one), one]).sort((x, y) => x[0] - y[0])
  return close[0][0] <= Math.min(2, name.length - 2) ? close[0][1] : ''
}

function single(x, token) {
  if (Array.isArray(x)) throw new Mistake('list', token.from, token.to)
  return x
}

const operand = x => typeof x === 'number' ? {constant: true, of: [], value: x} : x

// an op on numbers is a number, on nodes a node
function node(name, operands) {
  if (operands.every(x => typeof x === 'number')) return OPS[name].v(operands)
  return {key: name, of: operands.map(operand)}
}

// numbers and nodes given one by one or in a list
const several_ = (token, given) => (given.length === 1 && Array.isArray(given[0]) ? given[0] : given).map(x => single(x, token))

// a function called with these arguments
function called(token, given) {
  const {text: name, from, to} = token
  if (!(name in FUNCTIONS)) unknown(token)
  const op = FUNCTIONS[name], {a: arity = 1, o: defaults = []} = op
  if (typeof op === 'function') return op(token, given)
  const xs = arity ? given.map(x => single(x, token)) : several_(token, given)
  if (!arity && xs.length) return node(name, xs)
  const missing = arity - xs.length
  if (!arity || missing < 0 || missing > defaults.length) throw new Mistake('arguments', from, to, {name, count: arity || 1})
  return node(name, [...xs, ...defaults.slice(defaults.length - missing)])
}

// weights times inputs: told as products and sums
function dot(token, [ws, xs, b]) {
  if (!Array.isArray(ws) || !Array.isArray(xs) || ws.length !== xs.length || !ws.length) throw new Mistake('dot', token.from, token.to)
  const terms = ws.map((w, i) => node('mul', [xs[i], w]))
  if (b !== undefined) terms.push(single(b, token))
  return terms.reduce((a, c) => node('add', [a, c]))
}

// The shares of a softmax, each a node on all scores, told as Python's `softmax_op` tells it.
function softmax(token, given) {
  const scores = several_(token, given)
  const operands = scores.map(operand)
  return scores.map(score => {
    const k = scores.indexOf(score) // of equal scores the first, as in Python
    OPS[`softmax${k}`] ??= shareOf(k)
    return {...node(`softmax${k}`, operands), share: k}
  })
}

function shareOf(k) {
  const whole = x => x.map(z => R.exp(z)).reduce((a, b) => R.add(a, b)), form = (x, i) => R.div(R.exp(x[i]), whole(x))
  const exact = (x, i) => R.exp(R.sub(x[i], R.logsumexp(...x)))
  const rules = (own, other) => (x, y) => x.map((_, i) => i === k ? R.mul(y, own(x, y)) : R.mul(R.neg(y), other(x, i)))
  const e = rules(x => x.reduce((sum, _, i) => i === k ? sum : R.add(sum, exact(x, i)), 0), exact)
  return {n: 'softmax', share: k, v: x => exact(x, k), f: x => form(x, k), r: rules((x, y) => R.sub(1, y), form), e, d: e, w: SHARE}
}

function log_softmax(token, given) {
  const scores = several_(token, given).map(operand), whole = node('logsumexp', scores)
  return scores.map(x => node('sub', [x, whole]))
}

// The nodes in forward order, a leaf just before its first use, with their names: what `load` takes.
function listed({root, names}, values = {}) {
  const order = [], number = new Map(), called = new Map(names), taken = new Set(names.values())
  const add = x => { if (!number.has(x)) number.set(x, order.push(x) - 1) }
  const visit = x => {
    if (number.has(x)) return
    const first = x.share === undefined ? [] : [x.of[x.share]] // of a share its own score, as Python computes it
    for (const y of [...first, ...x.of]) if (y.of.length) visit(y)
    x.of.forEach(y => { if (!y.of.length) add(y) })
    add(x)
  }
  visit(root)
  if (!called.has(root)) {
    const name = taken.has('L') ? 'result' : 'L'
    called.set(root, name)
    taken.add(name)
  }
  let count = 0
  for (const x of order) {
    if (called.has(x)) continue
    if (x.constant) {
      called.set(x, constant(x.value))
      continue
    }
    do count++; while (taken.has(`v${count}`))
    called.set(x, `v${count}`)
    x.madeUp = true
  }
  const shares = {} // by the operands of a softmax what stands in the graph of it
  const group = x => shares[x.of.map(y => number.get(y))] ||= []
  for (const x of order) if (x.share !== undefined) group(x)[x.share] = number.get(x)
  const beside = x => x.share === undefined || group(x)[x.share] !== number.get(x) ? undefined : x.of.map((_, i) => i === x.share ? undefined : group(x)[i])
  return order.map(x => [called.get(x), x.constant ? -2 : x.leaf ? -1 : x.key, x.of.map(y => number.get(y)),
    x.leaf ? (Object.hasOwn(values, called.get(x)) ? values[called.get(x)] : x.value ?? 1) : x.value, {madeUp: x.madeUp === true, given: x.given === true, beside: beside(x)}])
}
