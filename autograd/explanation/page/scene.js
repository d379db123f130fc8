// What a picture shows: a box per node or, in a graph with too many, per part of it; placed and sized for all steps.

let parts = [], sizes = new Map()
let cut = part => part.nodes.map(n => ({nodes: [n]})) // the boxes inside a part; parts.js knows more

// The parts of a graph by its scopes: parts[0] is the whole; each knows its `inside`, nodes or parts.
function findParts(scopes) {
  parts = [{nodes: nodes.map(node => node.n), scope: [], up: -1, number: 0}]
  sizes = new Map()
  for (const part of parts) {
    part.inside = cut(part, scopes)
    for (const box of part.inside) if (box.scope) {
      box.number = parts.push(box) - 1
      box.up = part.number
    }
  }
}

// The picture of a part, reading from left to right (LR) or from top to bottom (TB). `roomy`: with room for what
// the steps show, not only for what a finished picture does.
function scene(part, direction, roomy = true) {
  const inside = part.inside || part.nodes.map(n => ({nodes: [n]})), box = new Map()
  for (const one of inside) for (const n of one.nodes) box.set(n, one)
  const outside = [...new Set(part.nodes.flatMap(n => nodes[n].of))].filter(n => !box.has(n)).sort((a, b) => a - b)
  const around = outside.map(n => ({nodes: [n], outer: true}))
  for (const one of around) box.set(one.nodes[0], one)
  const links = new Map()
  for (const n of part.nodes) nodes[n].of.forEach((operand, index) => {
    const source = box.get(operand), target = box.get(n), between = source.scope || target.scope
    if (source !== target) links.set(`${source.nodes[0]} ${target.nodes[0]} ${between ? -1 : index}`, {source, target, index: between ? -1 : index})
  })
  const order = inOrder([...inside, ...around], [...links.values()]), place = new Map(order.map((one, i) => [one, i]))
  const forward = [...links.values()].filter(link => place.get(link.source) < place.get(link.target)) // parts may form a circle
  const edges = forward.map(({source, target, index}) => ({source: place.get(source), target: place.get(target),
    label: index < 0 ? [0, 0] : labelRoom(nodes[target.nodes[0]], index, roomy), free: index >= 0 && ANY_ORDER.includes(nodes[target.nodes[0]].op.n)}))
  part.plan ||= arrange(order.length, edges) // it depends on the edges alone
  const layout = layOut(order.map(one => roomFor(one, roomy)), edges, direction, part.plan)
  const boxes = order.map((one, i) => ({...one, place: layout.boxes[i]})), where = nodes.map(node => order.indexOf(box.get(node.n)))
  const drawn = forward.map(({index}, i) => ({...edges[i], index, path: pathOf(layout.routes[i], direction === 'LR'), tip: layout.routes[i].points.at(-1),
    at: layout.routes[i].label, steps: []}))
  const edgeOf = new Map(drawn.map(edge => [`${edge.source} ${edge.target} ${edge.index}`, edge]))
  for (const step of steps) {
    const ends = `${where[step.into.n]} ${where[step.node.n]}`
    ;(edgeOf.get(`${ends} ${step.index}`) || edgeOf.get(`${ends} -1`))?.steps.push(step)
  }
  return {part, boxes, edges: drawn, where, width: layout.width, height: layout.height, direction}
}

// boxes in forward order, those that stand in no circle
function inOrder(boxes, links) {
  const into = new Map(boxes.map(box => [box, []])), order = [], seen = new Set()
  const first = box => box.nodes[0]
  for (const {source, target} of links) into.get(target).push(source)
  const visit = start => {
    const stack = [[start, false]]
    while (stack.length) {
      const [box, done] = stack.pop()
      if (done) order.push(box)
      else if (!seen.has(box)) {
        seen.add(box)
        stack.push([box, true], ...into.get(box).map(source => [source, false]).reverse())
      }
    }
  }
  if (boxes.every(box => !box.scope)) return boxes.sort((a, b) => first(a) - first(b))
  boxes.forEach(visit)
  return order
}

const cardOf = box => box.scope ?
  {name: box.scope.at(-1), expression: '', group: true} :
  {name: nodes[box.nodes[0]].name, expression: cardExpression(nodes[box.nodes[0]]), constant: nodes[box.nodes[0]].constant, leaf: !nodes[box.nodes[0]].op}

const usesKey = (into, uses) => `${say('grad')} ${into}/${uses}`

// the size of a box: it never shrinks while numbers move
function roomFor(box, roomy) {
  const node = nodes[box.nodes[0]], card = cardOf(box), key = box.scope ? box.scope.join() : `${node.n} ${language}`
  const several = node.uses.length, grad = roomy && several > 1 ? usesKey(several, several) : roomy ? say('grad') + ' ✓' : say('grad')
  const rows = box.scope ? rowsOfPart(box) : node.constant ? [] :
    [[say('data'), num(valueOf(node))], [grad, num(gradOf(node))]]
  const size = cardSize(card, rows)
  if (!roomy) return size
  const before = sizes.get(key) || [0, 0]
  sizes.set(key, size.map((x, i) => Math.max(x, before[i])))
  return sizes.get(key)
}

// the product of a step in the two lines that stand on its edge
const productLines = step => {
  const [left, right] = product(step).split(' = ')
  return right === undefined ? [left] : [left.replace('*', '·'), `= ${right}`]
}

// The room of a label: that of the local derivative, and as much more as the product needs beyond the channel.
function labelRoom(node, index, roomy) {
  const step = node.steps.find(step => step.index === index)
  if (!step) return [0, 0]
  const [wide, high] = labelSize(num(told(step).local))
  if (!roomy) return [wide, high]
  const lines = Math.max(...productLines(step).map(line => textWidth(line, SMALL))) + 10
  const key = `${node.n}/${index}`, room = Math.max(wide, lines - CHANNEL, ...(sizes.get(key) || []))
  sizes.set(key, [room])
  return [room, high]
}
