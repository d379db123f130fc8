// The facts in words and numbers: what Python's `cells` and `expressions` say, from the same sentences.

const LONGEST = 80, WIDE = 64

const operandsOf = node => node.of.map(i => nodes[i])
const isTable = node => node.op && !node.op.own
const numbersOf = node => node.of.map(i => now.V[i])
// an op on these parts; one that has no name of the field, in ops that have one
const writtenOf = (node, parts, value) => {
  if (!node.op.f) return written(node.op.n, parts, value)
  const told = node.op.f(parts.map(x => x.fixed ? x.value : x))
  return told instanceof Expression ? told : ofRule(told)
}
const expressionOf = node => writtenOf(node, operandsOf(node).map(symbolOf), valueOf(node))

// what a node was computed from, one op deep; an op on many operands is told by the first and the last
function expressionText(node, longest = LONGEST) {
  const {text} = expressionOf(node)
  if (text.length <= longest || node.of.length <= 4) return text
  const [first, last] = [0, -1].map(i => symbolOf(nodes[node.of.at(i)]).text)
  return `${node.op.n}(${first}, ..., ${last})`
}

// where Python's own operators refuse: null
const byZero = ([a, b], value) => b === 0 ? null : value([a, b])
const REFUSING = {
  div: byZero, mod: byZero, floordiv: byZero,
  pow: (xs, value) => isFinite(value(xs)) || !xs.every(isFinite) ? value(xs) : null,
}

// the op on the operands' numbers, as Python computes it; null for an op that is not of the table
const equationOf = node => !isTable(node) || !node.op.v ? null :
  [xs => (REFUSING[node.op.n] || node.op.v)(xs, node.op.v), numbersOf(node), valueOf(node)]

// the rules that tell the local derivative to an operand, with their equations: readable, then exact
function slopes(node, index, local) {
  if (node.op.c || node.op.unknown) return []
  const share = otherShare(node, index)
  return [share ? () => [] : node.op.r, node.op.e].filter(Boolean).map(rules => {
    const read = share && rules !== node.op.e ? (xs, y) => ({[index]: R.mul(R.neg(y), xs.at(-1))}) : rules
    return [read, [xs => {
      const value = read(xs.slice(0, -1), xs.at(-1))[index] // not finite where Python would refuse
      return isFinite(value) || !xs.slice(0, -1).every(isFinite) ? value : null
    }, [...named(node, index).map(valueOf), valueOf(node)], local]]
  })
}

// the other share of a softmax by which a local derivative is told, -p1 * p2, and all nodes that rules name
const otherShare = (node, index) => nodes[node.beside?.[index] ?? -1]
const named = (node, index) => [...operandsOf(node), ...[otherShare(node, index)].filter(Boolean)]

// The equalities of numbers that are told, each before those that its operands come from.
const SETTLED = 2000, ENDS = 60, USES = 6
function equations() {
  const kept = computed.length > SETTLED ? new Set([...computed.slice(0, ENDS), ...computed.slice(-ENDS)]) : null
  const some = steps.filter(step => !kept || kept.has(step.node)).reverse(), found = []
  for (const step of some) {
    const {upstream, local, flow, before, after} = told(step), uses = step.into.uses, flows = uses.map(told)
    if (step.use === uses.length && uses.length > 1 && uses.length <= WIDE) {
      found.push([added, flows.map(x => x.flow), after])
      if (uses.length <= USES) found.push([addedProducts, flows.flatMap(x => [x.upstream, x.local]), after])
    }
    if (step.use > 1) found.push([added, [before, flow], after])
    found.push([multiplied, [upstream, local], flow])
  }
  for (const {node, index, number} of some) if (node.of.length <= WIDE) {
    const {local} = now.told[number - 1], agreeing = slopes(node, index, local).find(([, [evaluate, numbers]]) => {
      const value = evaluate(numbers)
      return value !== null && agrees(value, local)
    })
    if (agreeing) found.push(agreeing[1])
  }
  for (const node of [...computed].reverse()) if ((!kept || kept.has(node)) && node.of.length <= WIDE) {
    const equation = equationOf(node)
    if (equation) found.push(equation)
  }
  return found
}

// the digits of the numbers as they stand now, and one of them as it is shown everywhere
const shownDigits = () => now.digits ||= new Digits(equations(), nodes.filter(node => node.constant && node.name === constant(node.value)).map(node => node.value))
const num = x => shownDigits().shown(x)
const totalText = (terms, result) => shownDigits().total(terms, result)

// the expression with numbers put in, in digits that make it true; "" when there are none
function inNumbers(node) {
  const equation = equationOf(node), shown = equation && shownDigits().of(...equation)
  if (!shown) return ''
  const parts = shown.map(text => numeral(number(text), text))
  if (node.op.n === 'logsumexp' && numbersOf(node).every(x => Math.abs(x) < 300)) { // exp stays finite
    const exps = parts.map(part => written('exp', [part]))
    return written('log', [exps.length === 1 ? exps[0] : written('sum', exps)]).text
  }
  return writtenOf(node, parts).text
}

// name, expression, expression in numbers ("" where it adds nothing), value
function forwardCells(node) {
  const value = num(valueOf(node)), named = expressionText(node), numbers = inNumbers(node)
  const short = numbers && (node.of.length <= 4 || numbers.length <= LONGEST)
  const middle = short && numbers !== value && numbers !== named ? numbers : named.startsWith('dot(') ? firstProducts(node) : ''
  const {text: name} = symbolOf(node), bare = text => (/^(add|sum)$/.test(node.op.n) ? text.replace(/[()]/g, '') : unwrapped(text)).replace(/\s/g, '')
  return [unwrapped(name), bare(name) === bare(named) ? '' : named, middle, value] // a label that repeats its expression
}

// how a wide dot begins in numbers
function firstProducts(node) {
  const x = numbersOf(node), count = x.length >> 1, part = k => numeral(x[k], num(x[k]))
  const products = [0, 1, count - 1].map(k => written('mul', [part(k), part(count + k)]).text)
  const last = x.length % 2 ? num(x.at(-1)) : products[2]
  return `${products[0]} + ${products[1]} + ... + ${last}`
}

// the local derivative to an operand: rule in names, with numbers put in, and the number
function pieces(step) {
  const {node, index} = step, {local} = told(step), shown = num(local)
  if (node.op.unknown) return ['?']
  const chosen = choice(node, index, local)
  if (chosen) return [chosen]
  for (const [rules, equation] of slopes(node, index, local)) {
    const said = toldRule(rules, equation, node, index)
    if (!said) continue
    const [names, numbers] = said
    return numbers && numbers !== shown && numbers !== names ? [names, numbers, shown] : names === shown ? [names] : [names, shown]
  }
  return [shown]
}

// a rule read on the names of the node and its operands
function localSymbol(rules, node, index) {
  if (!rules || (node.of.length > WIDE && node.op.n !== 'sum' && node.op.n !== 'dot')) return null
  const read = rules(named(node, index).map(symbolOf), symbolOf(node))[index]
  return read instanceof Expression || read === null ? read : numeral(read, '', true)
}

// a rule in names and in numbers, if it gives the number
function toldRule(rules, [evaluate, numbers, local], node, index) {
  const read = localSymbol(rules, node, index)
  if (!read || !agrees(read.value, local)) return null
  if (node.of.length > WIDE) return [read.text, '']
  const fixedOnes = [...named(node, index).map(x => x.constant), false]
  const withNumbers = (xs, shown) => {
    const parts = xs.map((x, i) => numeral(x, shown[i], fixedOnes[i]))
    return rules(parts.slice(0, -1), parts.at(-1))[index]
  }
  const printed = xs => { // the number of what is printed, the constants of the rule rounded as they are shown
    const read = evaluate(xs) === null ? null : withNumbers(xs, [])
    return read instanceof Expression ? read.value : read
  }
  const shown = shownDigits().of(printed, numbers, local)
  if (!shown) return [read.text, '']
  const told = withNumbers(shown.map(number), shown)
  const python = told instanceof Expression && !told.fixed && !told.text.includes('^(') // as gamma^(3)(2)
  return [read.text, python ? told.text : '']
}

// for an op that selects: the number, and the comparison that decided, `1 (v3 > 0)`
function choice(node, index, local) {
  if (!node.op.c || !isTable(node)) return ''
  const some = local !== 0, names = operandsOf(node).map(symbolOf), me = names[index], y = symbolOf(node), zero = numeral(0)
  const compared = (left, sign, right) => infix(sign, COMPARE, [left, right], 0).text
  let said
  switch (node.op.n) {
    case 'relu': said = compared(me, some ? '>' : '<=', zero); break
    case 'maximum': said = compared(me, some ? '==' : '<', y); break
    case 'minimum': said = compared(me, some ? '==' : '>', y); break
    case 'where': return word(names[0].value !== 0 ? 'condition_holds' : 'condition_fails', {number: num(local)})
    case 'clamp': {
      const [x, low, high] = names
      if (index) said = compared(x, index === 1 ? (some ? '<' : '>=') : some ? '>' : '<=', me)
      else if (some) said = `${compared(low, '<=', x)}, ${compared(x, '<=', high)}`
      else said = x.value < low.value ? compared(x, '<', low) : compared(x, '>', high)
      break
    }
    default: return num(local)
  }
  return `${num(local)} (${said})`
}

// -- the steps ---------------------------------------------------------------------------------------------

const several = step => step.node.of.filter(i => i === step.into.n).length > 1
const sideOf = step => step.node.of.length === 2 ? word(step.index ? 'right' : 'left') : word('nth', {n: step.index + 1})
const target = step => several(step) ? word('side', {name: step.into.name, side: sideOf(step)}) : step.into.name
const product = step => shownDigits().product(told(step).upstream, told(step).local, told(step).flow)
const after = step => `${step.into.name}.grad = ${num(told(step).after)}`

function useText(step) {
  const {before, flow, after} = told(step), uses = step.into.uses.length
  if (uses < 2) return ''
  const fields = {name: step.into.name, use: step.use, uses, sum: totalText(step.use > 1 ? [before, flow] : [flow], after)}
  return word('use', {...fields, state: word(step.use === uses ? 'complete' : 'incomplete')})
}

// what an op does on the way back
function opSentence(node) {
  const rules = node.of.map((_, index) => localSymbol(node.op.r, node, index)?.text || '')
  const [a = 'x', b = 's'] = node.of.map(i => symbolOf(nodes[i]).text)
  const fields = {y: symbolOf(node).text, a, b, op: node.op.n, slope: rules[0] || ''}
  rules.forEach((rule, i) => { fields[`rules[${i}]`] = rule })
  return filled(node.op.w[language], fields)
}

// the line above the steps of one node
function atText(node) {
  const usesIn = node.uses.length > 1 ? word('uses_in', {uses: node.uses.length}) : ''
  const equation = `${node.name} = ${expressionText(node)}`
  return word('at', {node: equation, name: node.name, grad: num(gradOf(node)), uses_in: usesIn})
}

// The backward pass as rows of cells, with lines between them, as `explain` tells it.
function stepRows() {
  const rows = [], explained = new Set()
  let node = null
  for (const step of steps) {
    if (step.node !== node) {
      node = step.node
      rows.push({step, line: atText(node) + (explained.has(node.op.n) ? '' : word('colon') + opSentence(node))})
      explained.add(node.op.n)
    }
    rows.push({step, cells: [String(step.number), target(step), pieces(step).join(' = '), product(step), after(step)]})
    if (step.into.uses.length > 1) rows.push({step, line: useText(step)})
  }
  return rows
}
