// The graph, and both passes over it. A graph comes as nodes in forward order, operands before results:
// [name, op, operands, value, more], the op a key of OPS or -1 for a leaf, -2 for a constant.

let nodes, root, computed, leaves, steps, frozen, given, first, now

// what an entry of the table leaves out
for (const [key, op] of Object.entries(OPS)) {
  const name = op.n ??= key.split('/')[0]
  op.v ??= x => NUMERIC[name](...x)
  if (!op.own) op.r ??= x => x.map(() => null)
  for (const part of ['r', 'e']) if (Array.isArray(op[part])) op[part] = typedRules(op[part])
  op.d ||= op.e || op.r // the local derivatives, read on numbers
  op.w = typeof op.w === 'string' ? OPS[op.w].w : op.w.map((text, i) => text.replace('~', HANDS[i]))
}

function load(told) {
  nodes = told.map(([name, key, of, value, more], n) =>
    ({n, name, op: OPS[key], of, value, constant: key === -2, ...more}))
  root = nodes.length - 1
  computed = nodes.filter(node => node.op)
  computed.forEach((node, order) => { node.order = order })
  for (const node of nodes) node.wants = !node.constant && (!node.op || node.of.some(i => nodes[i].wants))
  for (const node of nodes) node.uses = [], node.steps = []
  steps = []
  for (const node of [...computed].reverse()) {
    const flat = node.op.d(node.of.map(() => 0.5), 0.5) // null where nothing is handed on; the numbers do not matter
    node.of.forEach((into, index) => {
      if (nodes[into].wants && flat[index] !== null) steps.push({number: steps.length + 1, node, index, into: nodes[into]})
    })
  }
  for (const step of steps) {
    step.use = step.into.uses.push(step)
    step.node.steps.push(step)
  }
  const used = new Set([...computed.flatMap(node => node.of), root])
  leaves = [...used].map(i => nodes[i]).filter(node => !node.op && !node.constant)
  frozen = computed.find(node => !node.op.v) // made by hand: its value cannot be computed again
  given = nodes.map(node => node.op ? undefined : node.value) // the leaves' values now; the others are not looked at
  first = now = run(given)
}

// Values of all nodes, then per step upstream * local = flow and the sum before and after.
// The gradients are those of the node numbered `start`.
function run(given, start = root) {
  const V = [], grad = Array(nodes.length).fill(0), told = [], reached = new Set([start])
  for (const node of nodes) {
    const x = node.of.map(i => V[i])
    V.push(!node.op ? given[node.n] : node.op.v ? node.op.v(x) : node.value)
  }
  grad[start] = 1
  let at = null, locals
  for (const {node, index, into} of steps) {
    if (at !== node) locals = node.op.d(node.of.map(i => V[i]), V[node.n])
    at = node
    const local = locals[index], upstream = grad[node.n], before = grad[into.n]
    const arrives = reached.has(node.n) && (local !== 0 || !node.op.c)
    const flow = arrives ? upstream * local : 0
    if (arrives) {
      reached.add(into.n)
      grad[into.n] = before + flow
    }
    told.push({upstream, local, flow, before, after: grad[into.n]})
  }
  return {V, grad, told}
}

function recompute() { now = run(given) }

const valueOf = node => now.V[node.n]
const gradOf = node => now.grad[node.n]
const told = step => now.told[step.number - 1]

// every node between the root and a node
function between(start) {
  const on = new Set([start.n])
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
