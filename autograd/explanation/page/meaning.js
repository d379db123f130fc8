// What a gradient says: one sentence per leaf, checked before it is said, as Python's `meaning` does.

const NUDGES = [0.01, 1e-4, 1e-6] // how far a leaf is moved: as far as the gradient tells the change to 10 %

function meaning(leaf) {
  const names = {leaf: leaf.name, root: nodes[root].name}, grad = gradOf(leaf)
  if (leaf.n === root) return word('exactly_itself', names)
  if (!isFinite(grad)) return word('not_finite', {grad: num(grad), culprit: culprit()})
  const seen = lookAround(leaf)
  if (seen.kind === 'slope') return says(leaf, seen)
  const said = word(`at_${seen.kind}`, {...names, step: digits(seen.h), up: digits(seen.up), down: digits(seen.down)})
  const chosen = seen.kind === 'kink' && computed.find(node => atKink(node) && between(leaf).has(node.n))
  return chosen ? said + word('kink_chosen', {told: choiceAt(chosen)}) : said
}

// whether the gradient of a leaf tells the change to both sides, for a step that is small enough
function lookAround(leaf) {
  const sizes = computed.map(node => Math.abs(valueOf(node))).filter(isFinite), grad = gradOf(leaf), seen = []
  const rounding = 2 ** -52 * Math.max(4, computed.length) * Math.max(0, ...sizes)
  const change = by => frozen || computed.length > SETTLED ? null : run(given.map((x, n) => n === leaf.n ? x + by : x)).V[root] - now.V[root]
  for (const h of NUDGES) {
    const up = change(h), down = change(-h), predicted = grad * h
    seen.push({kind: 'slope', h, up, down})
    const near = x => Math.abs(x - predicted) <= (predicted ? 0.1 * Math.abs(predicted) : 0.02 * h) || Math.abs(x - predicted) <= rounding
    if (up === null || (near(up) && near(-down))) return seen.at(-1)
  }
  const {up, down, h} = seen.at(-1)
  return {...seen[0], kind: Math.max(Math.abs(up), Math.abs(down)) < 1e3 * h ? 'kink' : 'jump'}
}

// whether a choice of the library stands in the place of a slope: at 0, or where operands tie
function atKink(node) {
  const {n: name} = node.op, numbers = numbersOf(node)
  if (['relu', 'leaky_relu', 'elu', 'abs'].includes(name)) return numbers[0] === 0
  if (name === 'maximum' || name === 'minimum') return numbers.filter(x => x === valueOf(node)).length > 1
  return name === 'clamp' && numbers.slice(1).includes(numbers[0])
}

function choiceAt(node) {
  const {n: op} = node.op
  if (op === 'maximum' || op === 'minimum') return word('kink_tie', {op})
  return word('kink_slope', {op, at: num(numbersOf(node)[0]), slope: num(node.op.d(numbersOf(node), valueOf(node))[0] || 0)})
}

function says(leaf, {h, up}) {
  const change = gradOf(leaf) * h, names = {leaf: leaf.name, root: nodes[root].name}
  if (change) return word(change > 0 ? 'up' : 'down', {...names, step: digits(h), change: rough(Math.abs(change))})
  const causes = [...new Set(reasons(leaf))]
  if (!causes.length) return word('nothing_bare', names)
  return word(up ? 'hardly' : 'nothing', {...names, reason: causes.slice(0, 2).join(word('and'))})
}

// about two digits: 0.015, 0.0034, 1.2e-07
function rough(x) {
  const near = +fixed(x, 4)
  return digits(Math.abs(near - x) <= 0.05 * x ? near : +scientific(x, 2))
}

// why a gradient is 0: the factor that is 0 on every way from the root to the leaf
function reasons(leaf) {
  const found = [], waiting = [leaf], seen = new Set(waiting)
  for (const node of waiting) {
    if (gradOf(node)) continue // what it hands on is too small for a float
    const flows = node.uses.map(step => told(step).flow).filter(flow => flow)
    if (flows.length) found.push(word('because_cancel', {flows: totalText(flows, 0).replace(/ = 0$/, '')}))
    if (!node.uses.length && node.n !== root)
      for (const user of computed) if (user.of.includes(node.n)) found.push(word('because_flat', {op: user.op.n}))
    for (const step of node.uses) {
      if (told(step).flow) continue
      if (told(step).local === 0) found.push(zeroLocal(step))
      else if (!seen.has(step.node)) {
        seen.add(step.node)
        waiting.push(step.node)
      }
    }
  }
  return found
}

function zeroLocal({node, index}) {
  const operand = nodes[node.of[0]]
  if (node.op.n === 'relu') return word('because_relu', {name: operand.name, number: num(valueOf(operand))})
  if (node.op.c) return word('because_chosen', {op: node.op.n})
  for (const rules of [node.op.r, node.op.e]) {
    const said = localSymbol(rules, node, index)
    if (said && !said.literal && said.value === 0) return word('because_zero', {symbol: said.text})
  }
  return word('because_flat', {op: node.op.n})
}

// why an op has no number here: the power or the root of a negative number
function domain(node) {
  if (!node.op || !['pow', 'log', 'log2', 'log10', 'sqrt'].includes(node.op.n) || !(numbersOf(node)[0] < 0)) return ''
  const fields = {node: node.name, name: operandsOf(node)[0].name, number: num(numbersOf(node)[0]), op: node.op.n}
  return word(node.op.n === 'pow' ? 'because_negative_power' : 'because_root', fields)
}

// the first number of the two passes that is not finite
function culprit() {
  const node = [...leaves, ...computed].find(node => !isFinite(valueOf(node)))
  if (node && isNaN(valueOf(node)) && domain(node)) return domain(node)
  if (node) return word('culprit_value', {node: node.name, number: num(valueOf(node))})
  for (const step of steps) {
    const {local, after} = told(step)
    const [base] = operandsOf(step.node)
    if (!isFinite(local) && step.node.op.n === 'pow' && step.index === 1 && valueOf(base) < 0)
      return word('because_log', {node: step.node.name, name: base.name, number: num(valueOf(base)), to: step.into.name})
    if (!isFinite(local)) return word('culprit_local', {node: step.node.name, name: step.into.name, local: num(local)})
    if (!isFinite(after)) return word('culprit_sum', {name: step.into.name, number: num(after)})
  }
  return ''
}
