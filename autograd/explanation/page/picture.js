// The picture of the current moment: the cards of `draw`, filled and lit step by step.

const TYPE = 13 / SMALL // on a screen of 1,000 pixels and more no text is smaller than 13
let painted = {}, scenes = new Map(), scenesOf = null

let leastHigh = [460] // pixels that a picture gets in any case

// The direction that shows the part larger in the room that there is, and the scale it is shown at.
function chosen(part) {
  const area = $('graph'), wide = area.clientWidth - 2, phone = innerWidth <= 640
  const high = S.big ? Math.max(innerHeight - area.getBoundingClientRect().top - 24, 240) : phone ? 0.5 * innerHeight : window.parent !== window ? 460 : Math.max(...leastHigh, 0.5 * innerHeight)
  if (scenesOf !== now) { // the numbers moved
    scenes = new Map()
    scenesOf = now
  }
  const key = `${part.number} ${wide} ${Math.round(high)} ${language}`
  if (scenes.has(key)) return scenes.get(key)
  const least = S.big || phone ? 1 : wide >= 1000 ? TYPE : 0.85, most = S.big ? 4 : Math.max(1.4, least)
  const same = part.seen === `${wide} ${Math.round(high)}` // while numbers move it keeps its direction
  part.seen = `${wide} ${Math.round(high)}`
  const seen = (same ? [part.way] : ['LR', 'TB']).map(way => {
    const view = scene(part, way), fits = Math.min(wide / view.width, high / view.height)
    return {...view, fits, scale: Math.min(Math.max(fits, least), most)}
  })
  const [across, down = across] = seen, view = across.fits >= 0.97 * least || across.fits >= 0.9 * down.fits ? across : down
  if (view.fits >= 0.97 * least) view.scale = Math.min(view.scale, view.fits)
  part.way = view.direction
  view.frame = Math.min(high, view.scale * view.height)
  scenes.set(key, view)
  return view
}

let crumbs = () => '' // the way up from a part
// the part that holds the current node, and its picture
let view = null
function place() {
  const {node} = screen()
  if (!parts[S.view] || (node && S.at && !parts[S.view].nodes.includes(node.n))) S.view = 0
  view = chosen(parts[S.view])
  while (node && view.where[node.n] < 0 && S.view) view = chosen(parts[S.view = parts[S.view].up])
}

function paint() {
  place()
  const picture = $('picture'), size = `0 0 ${view.width} ${view.height}`
  if (picture.getAttribute('viewBox') !== size) picture.setAttribute('viewBox', size) // setting it lays all out anew
  Object.assign(picture.style, {width: `${view.scale * view.width}px`, height: `${view.scale * view.height}px`})
  $('graph').style.height = `${Math.ceil(view.frame) + 2}px`
  const {node: current, kind} = screen(), peak = Math.max(...now.grad.map(Math.abs).filter(isFinite), 0)
  const lit = kind === 'forward' ? current.of.map((_, index) => index) : []
  covered = view.edges.flatMap(bubbleOf)
  const edges = view.edges.map(edge => drawnEdge(edge, lit.includes(edge.index) && nodes[view.boxes[edge.target].nodes[0]] === current))
  const boxes = view.boxes.map((box, b) => box.scope ? drawnPart(box, b) : drawnNode(box, peak))
  const elements = [...edges.map(([line]) => line), ...boxes, ...edges.map(([, label]) => label || '<g></g>')]
  const shown = [...picture.children]
  if (painted.view === view) elements.forEach((part, i) => { if (part !== painted.elements[i]) shown[i].outerHTML = part })
  else picture.innerHTML = elements.join('')
  painted = {view, elements}
  travel()
}

const classes = (...names) => names.filter(Boolean).join(' ')
const pale = node => (S.follow && !on.has(node.n)) || (screen().kind === 'end' && node.op)

// the place of the product on a current edge, as [[left, top, width, height]]
let covered = []
function bubbleOf(edge) {
  const lines = bubbleLines(edge)
  if (!lines) return []
  const wide = Math.max(...lines.map(text => textWidth(text, SMALL))) + 10, high = 4 + 13 * lines.length, [x, y] = beside(edge, wide, high)
  return [[x - wide / 2, y - high / 2, wide, high]]
}

// what stands on a current edge: which operand it is, and the product; null where no step is
function bubbleLines(edge) {
  const {steps: shown} = screen(), current = edge.steps.filter(step => shown.includes(step))
  if (!current.length || !(asking() || (current.length === 1 && (edge.index >= 0 || shown.length === 1)))) return null
  const side = edge.index >= 0 && several(edge.steps[0]) ? [sideOf(edge.steps[0])] : []
  return [...side, ...(asking() ? ['?'] : productLines(current[0]))]
}

// A line, and the label that lies above everything: the whole product on the current edge, else the local derivative.
function drawnEdge(edge, operand) {
  const {done, steps: shown} = screen(), current = edge.steps.filter(step => shown.includes(step)), here = current.length > 0
  const used = S.at > turn() && edge.steps.some(step => step.number <= done), hidden = here && asking()
  const zero = used && !hidden && edge.steps.every(step => step.number > done || told(step).flow === 0)
  const away = S.follow && !edge.steps.some(step => on.has(step.node.n) && on.has(step.into.n))
  const state = classes('edge', (here || operand) && 'lit', zero && 'zero', away && 'pale'), [x, y] = edge.tip
  const tip = view.direction === 'LR' ? `M${tenth(x - 1)} ${tenth(y)}l-7 -3.5v7z` : `M${tenth(x)} ${tenth(y - 1)}l-3.5 -7h7z`
  const line = `<g class="${state}"><path class="wire" d="${edge.path}"/><path class="tip" d="${tip}"/></g>`
  const bubble = bubbleOf(edge)[0], lines = bubble ? bubbleLines(edge) : used && edge.index >= 0 ? [num(told(edge.steps[0]).local)] : []
  if (!lines.length) return [line, '']
  const wide = bubble ? bubble[2] : textWidth(lines[0], SMALL) + 6, high = bubble ? bubble[3] : 17
  const [left, top] = bubble || [edge.at[0] - wide / 2, edge.at[1] - high / 2]
  if (!bubble && covered.some(([x, y, w, h]) => left < x + w && x < left + wide && top + 2 < y + h && y < top + high - 2)) return [line, '']
  const side = bubble && edge.index >= 0 && several(edge.steps[0]) ? lines[0] : '', middle = left + wide / 2
  const texts = lines.map((text, i) => textLine(middle, top + 8.5 + 13 * i, text, SMALL, bubble ? text === side ? 'muted' : 'flow' : 'local', 'middle')).join('')
  return [line, `<g class="${classes('label', bubble && 'lit', away && 'pale')}">${rectangle(left, top, wide, high, bubble ? 'bubble' : 'ground', 3)}${texts}</g>`]
}

// where a product stands: between the layers, where no box is, and inside the picture
function beside(edge, wide, high) {
  const [left, top, w, h] = view.boxes[edge.source].place, [to_left, to_top] = view.boxes[edge.target].place, [x, y] = edge.at
  const inside = (at, half, end) => Math.min(Math.max(at, half + 1), end - half - 1)
  const ends = view.boxes.map(({place: [l, t, w, h]}) => view.direction === 'LR' ? l + w : t + h)
  const to = view.direction === 'LR' ? to_left : to_top, size = view.direction === 'LR' ? wide : high
  const gap = to - Math.max(view.direction === 'LR' ? left + w : top + h, ...ends.filter(end => end < to))
  const middle = to - gap / 2 - Math.max(0, Math.min(11 - (gap - size) / 2, (gap - size) / 2 - 1)) // the arrow's tip stays in sight
  return view.direction === 'LR' ? [inside(middle, wide / 2, view.width), inside(y, high / 2, view.height)] :
    [inside(x, wide / 2, view.width), inside(middle, high / 2, view.height)]
}

// how many of a node's uses are in, and its gradient as far as it is known
function arrived(node) {
  const {done, steps: shown} = screen(), uses = node.uses
  const into = uses.filter(step => step.number <= done && !(asking() && (shown.includes(step) || (asksGradient() && shown[0].into === node))))
  const complete = node.n === root ? S.at > turn() : uses.length > 0 && into.length === uses.length
  return {into: into.length, complete, sum: node.n === root ? 1 : into.length ? told(into.at(-1)).after : 0}
}

function drawnNode(box, peak) {
  const node = nodes[box.nodes[0]], {known, node: current} = screen(), back = S.at > turn(), {into, complete, sum} = arrived(node)
  const has = !node.op || node.order < known, uses = node.uses.length, here = node === current && S.at
  const bad = has && odd(node) && !node.constant && (heir(node) ? 'heir' : 'bad'), begun = complete || into > 0
  const title = node.constant ? `${node.name}, ${say('constant')}` : back && uses && !complete ? say('waits', node.name, into, uses) : equal(node.name, node.op ? expression(node) : '')
  const key = !back || (!uses && node.n !== root) ? '' : complete ? say('grad') + ' ✓' : into ? usesKey(into, uses) : say('grad')
  const rows = node.constant ? [] : [[say('data'), has ? num(valueOf(node)) : '', valueOf(node), 'data'], [key, begun ? num(sum) : '', sum, 'grad']]
  const card = {...cardOf(box), soFar: !complete, frame: here ? 'current' : bad || (node.n === root ? 'strong' : 'frame')}
  const state = classes('node', here && 'here', node.n === root && 'root', node.constant && 'const', (pale(node) || box.outer) && 'pale', bad, complete ? 'done' : into && 'sofar')
  const [x, y, w, h] = box.place, tip = view.direction === 'LR' ? `M${tenth(x + w / 2 - 7)} ${tenth(y - 12)}h14l-7 9z` : `M${tenth(x - 12)} ${tenth(y + h / 2 - 7)}v14l9 -7z`
  const pointer = here ? `<path class="pointer" d="${tip}"/>` : ''
  return `<g class="${state}" data-node="${node.n}"><title>${escaped(title)}</title>${drawCard(card, rows, box.place, peak)}${pointer}</g>`
}

// the flow on its way along its edge, from the result to the operand
let travelling = 0
function travel() {
  cancelAnimationFrame(travelling)
  const {steps: shown} = screen(), edge = shown.length && view.edges.findIndex(one => one.steps.includes(shown[0]))
  $('flow')?.remove()
  if (!shown.length || edge < 0 || asking() || still.matches) return
  const line = $('picture').children[edge].querySelector('.wire'), text = num(told(shown[0]).flow), wide = textWidth(text, SMALL) + 10
  $('picture').insertAdjacentHTML('beforeend', `<g id="flow" aria-hidden="true">${rectangle(-wide / 2, -9, wide, 18, 'pill', 9)}${textLine(0, 0, text, SMALL, 'onpill', 'middle')}</g>`)
  const long = line.getTotalLength(), start = performance.now(), move = time => {
    const part = Math.min((time - start) / 1100, 1), eased = part * part * (3 - 2 * part), {x, y} = line.getPointAtLength(long * (1 - eased))
    $('flow')?.setAttribute('transform', `translate(${tenth(x)} ${tenth(y)})`)
    if (part < 1) travelling = requestAnimationFrame(move)
    else setTimeout(() => part === 1 && $('flow')?.classList.add('arrived'), 300)
  }
  move(start)
}

// the current step in the middle: its node, and where its flow arrives
function centre() {
  const area = $('graph'), {node, steps: shown} = screen(), {scale} = view
  const places = [node || nodes[0], ...shown.map(step => step.into)].map(({n}) => view.boxes[view.where[n]]?.place).filter(Boolean)
  const middle = side => {
    const near = places.length ? places : [view.boxes[0].place]
    return scale * (Math.min(...near.map(place => place[side])) + Math.max(...near.map(place => place[side] + place[side + 2]))) / 2
  }
  area.scrollTo({left: middle(0) - area.clientWidth / 2, top: middle(1) - area.clientHeight / 2, behavior: still.matches ? 'auto' : 'smooth'})
}

// in a notebook's frame: as high as what stands in it
function fit() {
  if (window.parent === window) return
  try { frameElement.style.height = `${Math.ceil(document.body.scrollHeight) + 4}px` } catch { /* another origin: it keeps its height */ }
}
