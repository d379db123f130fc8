// Layered layout, the same as in Python's `drawing`: boxes to the pixel. Layers first, then the order within each,
// then the places, then the routes of the edges. Edges are {source, target, label: [width, height], free}.

const GAP = 16, LANE = 9, PORT = 18, CHANNEL = 30, MANY = 6, PORT_OF_MANY = 7, ARROW = 10, MARGIN = 14
const STRETCH = {LR: [0.42, 120], TB: [0.2, 70]}
const BEND = -1, SWEEPS = 8, PATIENCE = 3, SMALL_GRAPH = 40, SHUFFLES = 6, MIDDLING = 80, PASSES = 16, NEAR = 14
const tenth = x => +fixed(x, 1)
const byKeys = (keys, ...order) => (a, b) => { // like Python's sort by tuples
  const x = keys(a), y = keys(b)
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i] - y[i]
  return 0
}

// the layer of each node, from 0
function layersOf(count, edges) {
  const before = Array.from({length: count}, () => []), after = Array.from({length: count}, () => [])
  for (const {source, target} of edges) {
    before[target].push(source)
    after[source].push(target)
  }
  const layer = Array(count).fill(0)
  for (let n = count; n--;) layer[n] = (after[n].length ? Math.min(...after[n].map(x => layer[x])) : 1) - 1
  for (let pass = 0, moved = true; pass < 8 && moved; pass++) {
    moved = false
    for (let n = 0; n < count; n++) if (before[n].length > after[n].length && after[n].length) {
      const earliest = Math.max(...before[n].map(x => layer[x])) + 1
      moved ||= earliest < layer[n]
      layer[n] = earliest
    }
    for (let n = count; n--;) if (after[n].length && after[n].length >= before[n].length) {
      const latest = Math.min(...after[n].map(x => layer[x])) - 1
      moved ||= latest > layer[n]
      layer[n] = latest
    }
  }
  const first = Math.min(0, ...layer)
  return layer.map(x => x - first)
}

// nodes and the bends of long edges in their layers and in order; it serves both reading directions
function arrange(count, edges) {
  const layer = layersOf(count, edges), depth = Math.max(...layer) + 1
  const plan = {count, edges, layer, depth, segments: Array.from({length: Math.max(depth - 1, 0)}, () => []), ways: []}
  plan.incoming = Array.from({length: count}, () => [])
  plan.port = Array(edges.length + 1).fill(0) // one more, for bends
  edges.forEach((edge, i) => plan.incoming[edge.target].push(i))
  for (const into of plan.incoming) into.forEach((edge, place) => { plan.port[edge] = (place + 0.5) / into.length })
  const bends = new Map()
  edges.forEach(({source, target}, i) => {
    const way = [source]
    for (let r = layer[source] + 1; r < layer[target]; r++) {
      const key = `${source} ${r}`
      if (!bends.has(key)) {
        bends.set(key, layer.length)
        layer.push(r)
        plan.segments[r - 1].push([way.at(-1), layer.length - 1, BEND])
      }
      way.push(bends.get(key))
    }
    plan.segments[layer[target] - 1].push([way.at(-1), target, i])
    plan.ways.push([...way, target])
  })
  const free = plan.incoming.filter(into => into.length > 1 && edges[into[0]].free)
  plan.order = orderLayers(firstOrder(plan), plan, free)
  return plan
}

function firstOrder({count, depth, layer, edges, incoming, ways}) {
  const order = Array.from({length: depth}, () => []), seen = new Set(), used = new Set(edges.map(edge => edge.source)), stack = []
  const met = Array(count).fill(1) // places of each node's longest way
  for (let v = count; v--;) if (!used.has(v)) stack.push([v, [v]])
  while (stack.length) {
    const [v, way] = stack.pop()
    for (const bend of way.slice(met[v]).reverse()) order[layer[bend]].push(bend)
    met[v] = Math.max(met[v], way.length)
    if (seen.has(v)) continue
    seen.add(v)
    order[layer[v]].push(v)
    for (const edge of [...incoming[v]].reverse()) stack.push([edges[edge].source, ways[edge].slice(0, -1)])
  }
  return order
}

function orderLayers(start, plan, free) {
  const count = start.flat().length, into = Array.from({length: count}, () => []), out = Array.from({length: count}, () => [])
  for (const gap of plan.segments) for (const [u, v, edge] of gap) {
    into[v].push([u, edge])
    out[u].push([v, edge])
  }
  const ends = {segments: plan.segments, into, out}, portOf = (port, edge) => port.at(edge)
  let [best, fewest] = bestOfSweeps(start, ends, plan.port, portOf)
  if (fewest && free.length) {
    const trial = [...plan.port]
    for (const edge of free.flat()) trial[edge] = 0.5 // as if all entered at one point
    const [other, fewer] = bestOfSweeps(start, ends, trial, portOf)
    if (fewer < fewest) {
      best = other
      sortPorts(free, plan.segments, best, plan.port)
    }
  }
  return best
}

function bestOfSweeps(start, ends, port, portOf) {
  let [best, fewest] = sweep(start, ends, port, portOf, false)
  const size = ends.into.length, starts = size <= MIDDLING ? [[start, true], [start.map(layer => [...layer].reverse()), false]] : []
  if (size <= SMALL_GRAPH) for (let seed = 0; seed < SHUFFLES; seed++)
    starts.push([start.map(layer => [...layer].sort(byKeys(v => [(v * 7919 + seed * 104729) % 1009]))), seed % 2 === 0])
  for (const [first, turned] of starts) {
    if (!fewest) break
    const [order, count] = sweep(first, ends, port, portOf, turned)
    if (count < fewest) [best, fewest] = [order, count]
  }
  return [best, fewest]
}

function sweep(start, {segments, into, out}, port, portOf, turned) {
  const order = start.map(layer => [...layer]), place = Array(into.length).fill(0), copy = () => order.map(layer => [...layer])
  const settle = layer => layer.forEach((v, i) => { place[v] = i })
  order.forEach(settle)
  let best = copy(), fewest = crossings(place, segments, port, portOf), gained = 0
  const sortLayer = (layer, neighbours, ports, ties) => {
    const mean = new Map()
    for (const v of layer) if (neighbours[v].length)
      mean.set(v, neighbours[v].reduce((total, [u, edge]) => total + place[u] + (ports ? portOf(ports, edge) : 0), 0) / neighbours[v].length)
    const movable = [...mean.keys()].sort(byKeys(v => [mean.get(v), ties * place[v]]))
    layer.forEach((v, i) => { if (mean.has(v)) layer[i] = movable.shift() })
    settle(layer)
  }
  for (let k = 0; k < SWEEPS && fewest && k - gained <= PATIENCE; k++) {
    const forward = (k % 2 === 0) !== turned, ties = turned && k % 4 < 2 ? -1 : 1
    if (forward) for (let r = 1; r < order.length; r++) sortLayer(order[r], into, null, ties)
    else for (let r = order.length - 2; r >= 0; r--) sortLayer(order[r], out, port, ties)
    swapNeighbours(order, place, port, into, out, k % 4 > 1 ? 0 : 1, portOf)
    const count = crossings(place, segments, port, portOf)
    if (count < fewest) [best, fewest, gained] = [copy(), count, k]
  }
  return [best, fewest]
}

function crossings(place, segments, port, portOf) {
  let total = 0
  for (const gap of segments) {
    const ends = gap.map(([u, v, edge]) => [place[u], place[v] + portOf(port, edge)]).sort(byKeys(pair => pair))
    ends.forEach(([, end], i) => { for (let j = 0; j < i; j++) total += ends[j][1] > end })
  }
  return total
}

function sortPorts(free, segments, order, port) {
  const place = [], source = new Map()
  for (const layer of order) layer.forEach((v, i) => { place[v] = i })
  for (const gap of segments) for (const [u, , edge] of gap) source.set(edge, place[u])
  for (const group of free) {
    const places = group.map(edge => port[edge]).sort((a, b) => a - b)
    ;[...group].sort(byKeys(edge => [source.get(edge) ?? -1, edge])).forEach((edge, i) => { port[edge] = places[i] })
  }
}

function swapNeighbours(order, place, port, into, out, least, portOf) {
  const inversions = (left, right) => left.reduce((count, x) => count + right.filter(y => y < x).length, 0)
  const gain = (left, right) => inversions(left, right) - inversions(right, left)
  const sorted = xs => xs.sort((a, b) => a - b)
  for (let pass = 0; pass < 3; pass++) {
    let helped = false
    for (const layer of order) {
      if (layer.length === 1) continue
      const before = new Map(layer.map(v => [v, sorted(into[v].map(([u]) => place[u]))]))
      const after = new Map(layer.map(v => [v, sorted(out[v].map(([w, edge]) => place[w] + portOf(port, edge)))]))
      for (let i = 0; i < layer.length - 1; i++) {
        const a = layer[i], b = layer[i + 1], won = gain(before.get(a), before.get(b)) + gain(after.get(a), after.get(b))
        if (won < least) continue
        layer[i] = b
        layer[i + 1] = a
        place[a] = i + 1
        place[b] = i
        helped ||= won > 0
      }
    }
    if (!helped) return
  }
}

// the centre of every vertex across the layers: pulled by its edges, kept apart within its layer
function placeLayers({order, segments, count}, half, gap, offset) {
  const pulls = half.map(() => []), y = half.map(() => 0)
  for (const between of segments) for (const [u, v, edge] of between) {
    const weight = u < count && v < count ? 1 : u < count || v < count ? 3 : 8, at = offset.at(edge)
    pulls[v].push([u, -at, weight])
    pulls[u].push([v, at, weight])
  }
  const apart = (u, v) => half[u] + half[v] + Math.min(gap[u], gap[v])
  const settle = (layer, wanted, weights) => {
    const shifts = [], blocks = []
    let at = 0
    layer.forEach((v, i) => {
      if (i) at += apart(layer[i - 1], v)
      shifts.push(at)
      let mean = wanted[i] - at, weight = weights[i], size = 1
      while (blocks.length && blocks.at(-1)[0] > mean) {
        const [other, heavy, many] = blocks.pop()
        mean = (mean * weight + other * heavy) / (weight + heavy)
        weight += heavy
        size += many
      }
      blocks.push([mean, weight, size])
    })
    let i = 0
    for (const [mean, , size] of blocks) for (let k = 0; k < size; k++, i++) y[layer[i]] = mean + shifts[i]
  }
  for (const layer of order) settle(layer, layer.map(() => 0), layer.map(() => 1))
  for (let pass = 0; pass < PASSES; pass++) for (const layer of pass % 2 ? [...order].reverse() : order) {
    const wanted = [], weights = []
    for (const v of layer) {
      let total = 0, weight = 0
      for (const [other, distance, strength] of pulls[v]) {
        total += strength * (y[other] + distance)
        weight += strength
      }
      wanted.push(weight ? total / weight : y[v])
      weights.push(weight || 1)
    }
    settle(layer, wanted, weights)
  }
  const layerOf = []
  order.forEach((layer, r) => layer.forEach(v => { layerOf[v] = r }))
  order.forEach((layer, r) => layer.forEach((v, i) => { // level out small steps
    const ways = pulls[v].filter(([other]) => layerOf[other] < r).map(([other, distance]) => y[other] + distance - y[v])
    if (!ways.length) return
    let step = ways.reduce((a, b) => Math.abs(b) < Math.abs(a) ? b : a)
    if (!(Math.abs(step) > 0 && Math.abs(step) < NEAR)) return
    if (i && step < 0) step = Math.max(step, y[layer[i - 1]] + apart(layer[i - 1], v) - y[v])
    if (i + 1 < layer.length && step > 0) step = Math.min(step, y[layer[i + 1]] - apart(v, layer[i + 1]) - y[v])
    y[v] += step
  }))
  return y
}

// Boxes as [left, top, width, height], routes as {points, label}, and the whole size.
function layOut(sizes, edges, direction = 'LR', plan = arrange(sizes.length, edges)) {
  const across = direction === 'LR' ? 1 : 0, bends = plan.layer.length - plan.count
  const length = sizes.map(size => size[1 - across]), half = [...sizes.map(size => size[across] / 2), ...Array(bends).fill(0)]
  const gap = [...Array(plan.count).fill(GAP), ...Array(bends).fill(LANE)], offset = Array(plan.port.length).fill(0)
  plan.incoming.forEach((into, target) => { // ports over the side; the side grows with their labels
    const ordered = [...into].sort(byKeys(edge => [plan.port[edge]])), narrow = into.length < MANY ? PORT : PORT_OF_MANY
    const spans = ordered.map(edge => Math.max(edges[edge].label[across] + 4, narrow)), whole = spans.reduce((a, b) => a + b, 0)
    half[target] = Math.max(half[target], whole / 2 + 4)
    let at = -whole / 2
    ordered.forEach((edge, i) => {
      offset[edge] = tenth(at + spans[i] / 2)
      at += spans[i]
    })
  })
  const raw = placeLayers(plan, half, gap, offset), top = Math.min(...raw.map((centre, v) => centre - half[v]))
  const y = raw.map(centre => tenth(centre - top + MARGIN))
  const {strips, starts, ends} = columns(plan, edges, length, y, offset, across)
  const turned = pair => across ? pair : [pair[1], pair[0]]
  const boxes = sizes.map((_, v) => [...turned([starts[plan.layer[v]], y[v] - half[v]]), ...turned([length[v], 2 * half[v]])])
  const routes = edges.map(({source, target, label}, i) => {
    const end = tenth(y[target] + offset[i]), start = starts[plan.layer[target]], way = plan.ways[i]
    const points = [[starts[plan.layer[source]] + length[source], y[source]]]
    for (let k = 1; k < way.length; k++) {
      const at = points.at(-1)[1], there = way[k] === target ? end : y[way[k]]
      if (there !== at) points.push([ends[plan.layer[way[k - 1]]], at], [strips[plan.layer[way[k]]], there])
    }
    points.push([start, end])
    return {points: points.map(turned), label: turned([start - ARROW - 2 - label[1 - across] / 2, end])}
  })
  const long = Math.max(...ends) + MARGIN, broad = Math.max(...y.map((centre, v) => centre + half[v])) + MARGIN
  const [width, height] = turned([long, broad])
  return {boxes, routes, width, height, direction}
}

// along the layers: where each one's strip for labels starts, where its boxes start, where it ends
function columns(plan, edges, length, y, offset, across) {
  const thick = Array(plan.depth).fill(0), strip = Array(plan.depth).fill(ARROW), strips = [], starts = [], ends = []
  length.forEach((x, v) => { thick[plan.layer[v]] = Math.max(thick[plan.layer[v]], x) })
  for (const edge of edges) {
    const r = plan.layer[edge.target], size = edge.label[1 - across]
    strip[r] = Math.max(strip[r], size ? size + ARROW + 4 : ARROW)
  }
  const [factor, most] = STRETCH[across ? 'LR' : 'TB']
  let at = MARGIN
  for (let r = 0; r < plan.depth; r++) {
    if (r) {
      const steps = plan.segments[r - 1].map(([u, v, edge]) => Math.abs(y[u] - y[v] - offset.at(edge)))
      at += Math.min(Math.max(CHANNEL, factor * Math.max(0, ...steps)), most)
    }
    strips.push(tenth(at))
    starts.push(tenth(r ? at + strip[r] : at))
    at = starts.at(-1) + thick[r]
    ends.push(at)
  }
  return {strips, starts, ends}
}

const spot = ([x, y]) => `${tenth(x)} ${tenth(y)}`

// the path of an edge: straight in its lanes, curved in the channels between layers
function pathOf({points}, horizontal) {
  let path = `M${spot(points[0])}`
  for (let i = 1; i + 1 < points.length; i += 2) {
    const [x, y] = points[i], [toX, toY] = points[i + 1], halfX = (x + toX) / 2, halfY = (y + toY) / 2
    const bend = horizontal ? [[halfX, y], [halfX, toY]] : [[x, halfY], [toX, halfY]]
    path += `L${spot([x, y])}C${bend.map(spot).join(' ')} ${spot([toX, toY])}`
  }
  const [x, y] = points.at(-1)
  return path + `L${spot(horizontal ? [x - 6, y] : [x, y - 6])}`
}
