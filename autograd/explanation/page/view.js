// What is on the screen is made from the state S and the numbers `now`, afresh at every step.

const S = {at: 0, by: 'edge', mode: 'watch', follow: null, language: G.lang === 'zh' ? 1 : 0, ask: 'flow', tab: '', big: false, view: 0}
const actions = {} // what buttons and keys do; filled below
const $ = id => document.getElementById(id)
const escaped = text => String(text).replace(/[&<>"]/g, c => `&#${c.charCodeAt()};`)
const say = (key, ...xs) => W[key][S.language].replace(/\{(\d)\}/g, (_, i) => xs[i])
const stop = () => S.language ? '。' : '. '
const role = (kind, text) => `<b class="${kind}">${text}</b>`

// the text of a formula, its operands and its result told by `word`; a negative number in brackets where it must
const fill = (text, word) => text.replace(/(^-|\(-)?§(\d+|y)(?=(\*\*)?)/g, (_, minus = '', i, power) => {
  const told = word(i)
  return minus + ((minus || power) && told.startsWith('-') ? `(${told})` : told)
})
const named = (text, node) => fill(text, i => nodes[i === 'y' ? node.n : node.of[i]].name)
const numbered = (text, node) => fill(text, i => digits(now.V[i === 'y' ? node.n : node.of[i]]))
const expression = node => node.op ? named(node.op.text, node) : node.name
const rule = step => named(step.node.op.rules[step.index], step.node)
const clipped = text => text.length > 70 ? text.slice(0, 69) + '…' : text
const equal = (...parts) => parts.filter((part, i) => part !== parts[i - 1]).join(' = ')
const several = step => step.node.of.filter(i => i === step.into.n).length > 1
const sideWord = step => step.node.of.length === 2 ? say(step.index ? 'right' : 'left') : say('nth', step.index + 1)
const target = step => several(step) ? say('side', step.into.name, sideWord(step)) : step.into.name
const told = step => now.told[step.number - 1]
const product = step => `${digits(told(step).upstream)} * ${digits(told(step).local)} = ${digits(told(step).flow)}`

// The screens, in order. `steps` are those that a screen adds, `done` how many are in when it is shown.
let screens = []
function plan() {
  let walked = S.follow ? steps.filter(step => on.has(step.node.n) && on.has(step.into.n)) : steps
  if (S.mode === 'predict' && Q.only) walked = walked.filter(step => Q.only.includes(step))
  if (S.mode === 'predict' && asksGradient()) walked = walked.filter(step => step.use === step.into.uses.length)
  const groups = []
  for (const step of walked)
    if (S.by === 'node' && groups.length && groups.at(-1)[0].node === step.node) groups.at(-1).push(step)
    else groups.push([step])
  screens = [
    {kind: 'ready', known: 0, steps: []},
    ...computed.map((node, i) => ({kind: 'forward', node, known: i + 1, steps: []})),
    ...['turn', 'start'].map(kind => ({kind, node: nodes[root], known: computed.length, steps: []})),
    ...groups.map(group => ({kind: 'step', node: group[0].node, known: computed.length, steps: group})),
    {kind: 'end', known: computed.length, steps: []},
  ]
  for (const screen of screens) screen.done = screen.steps.length ? screen.steps.at(-1).number : screen.kind === 'end' ? steps.length : 0
}
const turn = () => computed.length + 1
const screen = () => screens[S.at]
let on = new Set()

function phase() {
  const {kind, node, steps: [step], done} = screen()
  const many = kind === 'step' && step.number !== done
  return say(S.at <= turn() ? 'forward' : 'backward') + (S.language ? ',' : ', ') +
    (kind === 'forward' ? say('at_forward', S.at, computed.length) :
      kind === 'step' ? many ? say('at_steps', step.number, done, steps.length) : say('at_step', done, steps.length) : say('at_' + kind))
}

function sentence() {
  const {kind, node, steps: shown} = screen(), L = nodes[root]
  if (kind === 'ready') return [escaped(G.title) + stop() + say('ready'), blame()]
  if (kind === 'forward') return [`${escaped(node.name)} = ${escaped(equal(named(node.op.text, node), numbered(node.op.text, node), digits(now.V[node.n])))}`, blame(node)]
  if (kind === 'turn') return [say('turn', escaped(L.name)), `<button data-do="local">${say('what_local')}</button>`]
  if (kind === 'start') return [say('start', escaped(L.name))]
  if (kind === 'end') return [say('done', steps.length), result()]
  const at = escaped(clipped(`${node.name} = ${expression(node)}`)), words = escaped(named(node.op.words[S.language], node))
  if (asking()) return [asked(), answered()]
  if (Q.message) return [say('into', at, escaped(target(shown[0])), words), answered()]
  if (shown.length > 1) return [say('all_into', at, words), shown.slice(0, 3).map(step => escaped(outcome(step))).join(' ') + (shown.length > 3 ? ` ${say('more', shown.length - 3)}` : '')]
  return [say('into', at, escaped(target(shown[0])), words), escaped(`${product(shown[0])}${stop()}${outcome(shown[0])}`) + because(shown[0])]
}

function outcome(step) {
  const {before, flow, after} = told(step), count = step.into.uses.length, name = step.into.name
  const total = `${name}.grad = ${equal(`${digits(before)} + ${digits(flow)}`, digits(after))}`
  const key = count === 1 ? 'only_use' : step.use === 1 ? 'first_use' : step.use < count ? 'some_uses' : 'last_use'
  return say(key, name, count, step.use, total)
}

// why nothing flows along a step, or where a value stopped being finite
function reason(step) {
  const {upstream, local} = told(step), {node} = step
  if (local === 0) {
    if (node.op.choice && node.of.length === 1) return say('off', node.op.name, nodes[node.of[0]].name, digits(now.V[node.of[0]]))
    return `${rule(step)} = 0`
  }
  return upstream === 0 ? `${node.name}.grad = 0` : ''
}
const because = step => told(step).flow === 0 && reason(step) ? ' ' + say('zero', escaped(reason(step))) : ''
const odd = node => !isFinite(now.V[node.n])
const heir = node => odd(node) && node.of.some(i => odd(nodes[i]))
function blame(node) {
  const bad = nodes.filter(odd)
  if (!bad.length || (node && node !== bad[0])) return ''
  return say('culprit', escaped(bad[0].op ? numbered(bad[0].op.text, bad[0]) : bad[0].name), digits(now.V[bad[0].n]), bad.length - 1)
}

function meaning(leaf) {
  const g = now.grad[leaf.n], L = nodes[root].name, size = Math.abs(g) * 0.01
  const about = size < 0.001 ? short(+size.toPrecision(2)) : short(+size.toFixed(4))
  if (g) return say(g > 0 ? 'up' : 'down', leaf.name, L, about)
  const zero = leaf.uses.find(step => told(step).flow === 0 && reason(step))
  return zero ? say('still_because', leaf.name, reason(zero)) : say('still', leaf.name)
}
const result = () => leaves.map(leaf => escaped(meaning(leaf)) + stop()).join('')

function equation() {
  const {kind, node, steps: shown} = screen()
  const term = (caption, text, kind = '') => `<span class="term"><small>${caption}</small>${role(kind, text)}</span>`
  if (kind === 'forward') return `<div class="line">${term(escaped(expression(node)), escaped(numbered(node.op.text, node)))}<i>=</i>${term(escaped(node.name), digits(now.V[node.n]))}</div>`
  if (kind === 'start') return `<div class="line">${term(`${say('grad')} ${escaped(node.name)}.grad`, 1, 'up')}</div>`
  if (kind === 'ready') return `<div class="line"><code>${escaped(G.title)}</code></div>`
  if (kind === 'turn') return `<div class="line">${term(say('arrives'), say('upstream'), 'up')}<i>·</i>` +
    `${term(say('slope'), say('local'), 'lo')}<i>=</i>${term(say('handed_on'), say('flow_word'), 'fl')}</div>`
  if (kind === 'end') return S.mode === 'predict' ? score() : summary()
  return shown.map(step => {
    const {upstream, local, flow} = told(step), hidden = asking()
    const mul = step.node.op.name === 'mul', r = rule(step)
    const numbers = numbered(step.node.op.rules[step.index], step.node)
    const detail = r === digits(local) || hidden ? '' : mul ? say('factor', say(step.index ? 'left' : 'right'), r) : equal(r, numbers === digits(local) ? '' : numbers).replace(/ = $/, '')
    return `<div class="line">${term(`${say('upstream')} ${escaped(step.node.name)}.grad`, digits(upstream), 'up')}<i>·</i>` +
      `${term(`${say('local')}${detail ? (S.language ? ':' : ': ') : ''}${escaped(detail)}`, hidden && S.ask !== 'flow' ? '?' : hidden ? '?' : digits(local), 'lo')}<i>=</i>` +
      `${term(`${say('flow')} ${escaped(target(step))}`, hidden ? '?' : digits(flow), 'fl')}</div>`
  }).join('') + (asking() ? question() : '') + (shown.length === 1 ? sumBar(shown[0]) : '')
}

// the gradients of the leaves, and what one can do now
function summary() {
  const gradient = leaf => `<span class="use done">${escaped(leaf.name)}.grad = ${role('up', digits(now.grad[leaf.n]))}</span>`
  const button = name => `<button data-do="${name}">${say(name)}</button>`
  return `<div>${leaves.map(gradient).join(' ')}</div><div>${['check', 'explore', 'predict', 'new_numbers', 'follow'].map(button).join(' ')}</div>`
}

// a.grad: [-3 from v2] + [2 from v1 left] + [? from v1 right] = -1   2 of 3 uses
function sumBar(step) {
  const {uses, name} = step.into
  if (uses.length < 2) return ''
  const use = other => {
    const shown = other.use < step.use || (other === step && !asking())
    const where = say('from', escaped(other.node.name)) + (several(other) ? ' ' + sideWord(other) : '')
    return `<span class="use ${other === step ? 'here' : shown ? 'done' : ''}">${shown ? role('fl', digits(told(other).flow)) : '?'} <small>${where}</small></span>`
  }
  const last = asking() ? told(step).before : told(step).after
  return `<div class="sum">${escaped(name)}.grad: ${uses.map(use).join(' + ')} = ${digits(last)} <small>${say('uses', step.use - (asking() ? 1 : 0), uses.length)}</small></div>`
}

function following() {
  const {kind, steps: [step]} = screen(), after = screens[S.at + 1]
  if (S.at < turn() || !after || after.kind !== 'step' || after.node.n === root || (kind === 'step' && after.node === step.node)) return ''
  return say('next_single', escaped(after.node.name))
}

// The picture: edges, boxes and labels where Python placed them, one element each; only what changed is replaced.
const TIP = '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="1" refY="4" orient="auto" ' +
  'markerUnits="userSpaceOnUse"><path d="M0 .5l7 3.5-7 3.5z" fill="context-stroke"/></marker></defs>'
let painted = []
function paint() {
  const view = views[S.view], {node: current, kind} = screen()
  const operands = kind === 'forward' ? current.of.map((_, index) => view.edgeOf(current, index)) : []
  const edges = view.edges.map((edge, e) => drawnEdge(edge, view.steps[e], operands.includes(e)))
  const boxes = view.boxes.map((box, b) => (box[0] < 0 ? drawnPart : drawnNode)(box, view.outer.includes(b)))
  const parts = [TIP, ...edges.map(([line]) => line), ...boxes, ...edges.map(([, label]) => label || '<g></g>')]
  const drawn = [...$('picture').children]
  if (painted.view === view) parts.forEach((part, i) => { if (part !== painted[i]) drawn[i].outerHTML = part })
  else $('picture').innerHTML = parts.join('')
  painted = Object.assign(parts, {view})
}

const classes = (...names) => names.filter(Boolean).join(' ')
const pale = node => (S.follow && !on.has(node.n)) || (screen().kind === 'end' && node.op)

// A line, and the label that lies above everything: the whole product on the current edge, else the local derivative.
function drawnEdge([from, to, index, path, x, y], its, operand) {
  const {done, steps: shown} = screen(), current = its.filter(step => shown.includes(step)), here = current.length > 0
  const used = S.at > turn() && its.some(step => step.number <= done), hidden = here && asking()
  const zero = used && !hidden && its.every(step => step.number > done || told(step).flow === 0)
  const state = classes((here || operand) && 'here', zero && 'zero', S.follow && !its.some(step => on.has(step.node.n) && on.has(step.into.n)) && 'pale')
  const line = `<path class="${classes('edge', state)}" d="${path}"/>`
  const label = hidden ? '?' : current.length === 1 && (index >= 0 || shown.length === 1) ? product(current[0]).replace('*', '·') : used && index >= 0 ? digits(told(its[0]).local) : ''
  if (!label) return [line, '']
  const side = index >= 0 && several(its[0]) ? sideWord(its[0]) + ' ' : '', wide = 7.9 * (label.length + side.length)
  return [line, `<g class="${classes('label', state)}"><rect x="${x - wide / 2}" y="${y - 8}" width="${wide}" height="16"/><text x="${x}" y="${y + 4}" class="${here ? 'fl' : 'lo'}">` +
    `${side && `<tspan class="side">${escaped(side)}</tspan>`}${escaped(label)}</text></g>`]
}

const frame = (x, y, w, h, text, here, down = 18) => `<rect class="frame" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>` +
  (here ? `<path class="pointer" d="M${x + w / 2 - 7} ${y - 13}h14l-7 9z"/>` : '') +
  `<text x="${x + 12}" y="${y + down}"><tspan class="name">${escaped(text)}</tspan></text>`
const chip = (x, y, w, tag, number, tick) => `<rect class="chip" x="${x + 6}" y="${y + 42}" width="${w - 12}" height="19" rx="4"/>` +
  `<text class="tag" x="${x + 12}" y="${y + 56}">${tag}</text><text class="up num" x="${x + w - (tick ? 24 : 12)}" y="${y + 56}">${number}</text>` +
  (tick ? `<path class="tick" d="M${x + w - 19} ${y + 52}l3 3 6-7"/>` : '')

// how many of a node's uses are in, and its gradient as far as it is known
function arrived(node) {
  const {done, steps: shown, kind} = screen(), uses = node.uses
  const into = uses.filter(step => step.number <= done && !(asking() && (shown.includes(step) || (asksGradient() && shown[0].into === node))))
  const complete = node.n === root ? S.at > turn() : uses.length > 0 && into.length === uses.length
  return {into: into.length, complete, sum: node.n === root ? 1 : into.length ? told(into.at(-1)).after : 0}
}

function drawnNode([n, x, y, w, h, text], outer) {
  const node = nodes[n], {known, node: current} = screen(), from = S.at > turn(), {into, complete, sum} = arrived(node)
  const has = !node.op || node.order < known, uses = node.uses.length, here = node === current
  const bad = has && odd(node) && (heir(node) ? 'heir' : 'bad')
  const state = classes('node', node.constant && 'const', here && 'here', (pale(node) || outer) && 'pale', bad, complete ? 'done' : into && 'sofar')
  const title = node.constant ? say('constant') : from && uses && !complete ? say('waits', node.name, into, uses) : equal(node.name, expression(node))
  const gradient = from && (uses || n === root) && !node.constant
  const pill = h < 40
  return `<g class="${state}" data-node="${n}"><title>${escaped(title)}</title>${frame(x, y, w, h, text, here, pill ? 20 : 18)}` +
    `<text class="num value" x="${x + w - 12}" y="${y + 36}">${has && !pill ? digits(now.V[n]) : ''}</text>` +
    (gradient ? chip(x, y, w, complete || !into ? say('grad') : `${say('sofar')} ${say('of', into, uses)}`, complete || into ? digits(sum) : '', complete) : '') + '</g>'
}

// a part of the graph as one box; a click opens it
function drawnPart([minus, x, y, w, h, text]) {
  const {inside, out} = views[S.view].parts[minus], {node: current, done} = screen()
  const over = out.filter(step => step.number <= done).length, here = inside.has(current), all = over === out.length
  const far = S.follow && ![...inside].some(node => on.has(node.n)), back = S.at > turn()
  return `<g class="${classes('node part', here && 'here', far && 'pale', all && back && 'done')}" data-part="${-minus}">` +
    `<rect class="frame" x="${x + 5}" y="${y + 5}" width="${w}" height="${h}" rx="8"/>${frame(x, y, w, h, text, here)}` +
    `<text class="num value" x="${x + w - 12}" y="${y + 36}">${say('nodes', inside.size)}</text>` +
    (back ? chip(x, y, w, say('steps'), say('of', over, out.length), all) : '') + '</g>'
}

// where the picture is: the way up from a part
function crumbs() {
  let at = S.view, trail = ''
  for (; at > 0; at = views[at].up) trail = ` › <b>${escaped(views[at].name)}</b>` + trail
  return trail && `<button data-do="up">‹ ${say('everything')}</button>${trail}`
}

// the picture that holds the current node, at its size
function place() {
  const {node} = screen()
  while (node && views[S.view].where[node.n] < 0) S.view = views[S.view].up
  const [w, h] = views[S.view].size, scale = S.big ? 1.7 : 1, size = `0 0 ${w} ${h}`, {style} = $('picture')
  if ($('picture').getAttribute('viewBox') !== size) $('picture').setAttribute('viewBox', size) // setting it lays all out anew
  style.width = `${scale * w}px`
  style.minWidth = `${0.75 * scale * w}px`
}

// the current step in the middle: its node, and where its flow arrives
function centre() {
  const view = views[S.view], area = $('graph'), {node, steps: shown} = screen(), scale = $('picture').clientWidth / view.size[0]
  const boxes = [node || nodes[0], ...shown.map(step => step.into)].map(({n}) => view.boxes[view.where[n]]).filter(Boolean)
  const middle = side => {
    const near = boxes.length ? boxes : [view.boxes[0]]
    return scale * (Math.min(...near.map(box => box[side])) + Math.max(...near.map(box => box[side] + box[side + 2]))) / 2
  }
  area.scrollTo({left: middle(1) - area.clientWidth / 2, top: middle(2) - area.clientHeight / 2, behavior: still.matches ? 'auto' : 'smooth'})
}

function show() {
  document.documentElement.lang = S.language ? 'zh' : 'en'
  document.body.className = `${S.big ? 'lecture ' : ''}${S.mode}`
  $('title').textContent = G.title
  $('phase').textContent = phase()
  const [line, more = ''] = sentence(), after = following()
  $('sentence').innerHTML = `<p>${line}</p><p>${more}</p><p class="after">${after}</p>`
  $('equation').innerHTML = equation()
  place()
  paint()
  $('crumbs').innerHTML = crumbs()
  $('picture').setAttribute('aria-label', $('spoken').textContent = spoken())
  centre()
  $('scrub').max = screens.length - 1
  $('scrub').value = S.at
  $('turn').style.setProperty('--turn', turn() / (screens.length - 1))
  $('by').dataset.word = `by_${S.by}`
  $('mode').dataset.word = S.mode === 'watch' ? 'predict' : 'watch'
  for (const x of document.querySelectorAll('[data-word]')) x.textContent = say(x.dataset.word)
  for (const x of document.querySelectorAll('[data-title]')) x.title = x.ariaLabel = say(x.dataset.title)
  drawer()
  const field = $('field')
  if (field && matchMedia('(pointer: fine)').matches) field.focus({preventScroll: true})
}
const still = matchMedia('(prefers-reduced-motion: reduce)')
