// The graph, and both passes over it. G is written by Python: nodes in forward order, operands before results.

const nodes = G.nodes.map(([name, op, of, value], n) => ({n, name, op: ops[op], of, value, constant: op === -2}))
const root = nodes.length - 1
const computed = nodes.filter(node => node.op)
const leaves = nodes.filter(node => !node.op && !node.constant)
const steps = []
computed.forEach((node, order) => { node.order = order })
for (const node of [...computed].reverse()) {
  const flat = node.op.d(node.of.map(() => 0.5), 0.5) // null where nothing is handed on; the numbers do not matter
  node.of.forEach((into, index) => {
    if (!nodes[into].constant && flat[index] !== null) steps.push({number: steps.length + 1, node, index, into: nodes[into]})
  })
}
for (const node of nodes) node.uses = [], node.steps = []
for (const step of steps) {
  step.use = step.into.uses.push(step)
  step.node.steps.push(step)
}
const frozen = computed.find(node => !node.op.v) // made by hand: its value cannot be computed again

// Values of all nodes, then per step upstream * local = flow and the sum before and after.
function run(given) {
  const V = [], grad = Array(nodes.length).fill(0), told = [], reached = new Set([root])
  for (const node of nodes) {
    const x = node.of.map(i => V[i])
    V.push(!node.op ? given[node.n] : node.op.v ? node.op.v(x) : node.value)
  }
  grad[root] = 1
  let at = null, locals
  for (const {node, index, into} of steps) {
    if (at !== node) locals = node.op.d(node.of.map(i => V[i]), V[node.n])
    at = node
    const local = locals[index], upstream = grad[node.n], before = grad[into.n]
    const arrives = reached.has(node.n) && (local || !node.op.choice)
    const flow = arrives ? upstream * local : 0
    if (arrives) reached.add(into.n)
    grad[into.n] = before + flow
    told.push({upstream, local, flow, before, after: grad[into.n]})
  }
  return {V, grad, told}
}

const given = nodes.map(node => node.value) // the leaves' values now; the others are not looked at
let first = run(given) // where the numbers stood before they were moved one by one
let now = first

function recompute() { now = run(given) }

// every node between the root and a leaf
function between(leaf) {
  const on = new Set([leaf.n])
  for (const node of computed) if (node.of.some(i => on.has(i))) on.add(node.n)
  return on
}

// how many paths lead from the root to each node
function pathCounts() {
  const count = nodes.map(() => 0n)
  count[root] = 1n
  for (const {node, into} of steps) count[into.n] += count[node.n]
  return count
}

// In which picture a node stands itself, and per picture in which box each node is; -1 in none.
const views = G.views
views.forEach((view, v) => view.boxes.forEach(([what], b) => { if (what >= 0 && !view.outer.includes(b)) nodes[what].home = v }))
views.forEach((view, v) => {
  const box = new Map(view.boxes.map(([what], b) => [what, b]))
  view.where = nodes.map(node => {
    let part = node.home
    while (part > 0 && views[part].up !== v) part = views[part].up
    return box.get(node.n) ?? (part > 0 ? box.get(-part) : -1)
  })
  const edge = new Map(view.edges.map(([from, to, index], e) => [`${from} ${to} ${index}`, e]))
  view.edgeOf = (node, index) => {
    const ends = `${view.where[node.of[index]]} ${view.where[node.n]}`
    return edge.get(`${ends} ${index}`) ?? edge.get(`${ends} -1`) ?? -1
  }
  view.steps = view.edges.map(() => [])
  for (const step of steps) view.steps[view.edgeOf(step.node, step.index)]?.push(step)
  view.parts = {}
  view.boxes.forEach(([what], b) => {
    const inside = new Set(nodes.filter(node => view.where[node.n] === b))
    if (what < 0) view.parts[what] = {inside, out: steps.filter(step => inside.has(step.node))}
  })
})
