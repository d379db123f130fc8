// What is on the screen is made from the state S and the numbers `now`, afresh at every step.

const S = {at: 0, by: 'edge', mode: 'watch', follow: null, ask: 'flow', tab: '', big: false, view: 0}
const actions = {} // what buttons and keys do; filled below
const say = (key, ...xs) => W[key][language].replace(/\{(\d)\}/g, (_, i) => xs[i])
const stop = () => language ? '。' : '. '
const role = (kind, text) => `<b class="${kind}">${text}</b>`
const expression = node => node.op ? expressionText(node) : node.name
const rule = step => localSymbol(step.node.op.r, step.node, step.index)?.text ?? num(told(step).local)
const bare = node => node.op ? writtenOf(node, numbersOf(node).map(x => numeral(x))).text : node.name
const clipped = text => text.length > 70 ? text.slice(0, 69) + '…' : text
const equal = (...parts) => parts.filter((part, i) => part !== '' && part !== parts[i - 1]).join(' = ')

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
  const {kind, steps: [step], done} = screen()
  const many = kind === 'step' && step.number !== done
  return say(S.at <= turn() ? 'forward' : 'backward') + say('comma') +
    (kind === 'forward' ? say('at_forward', S.at, computed.length) :
      kind === 'step' ? many ? say('at_steps', step.number, done, steps.length) : say('at_step', done, steps.length) : say('at_' + kind))
}

function sentence() {
  const {kind, node, steps: shown} = screen(), L = nodes[root]
  if (kind === 'ready') return [escaped(G.title) + stop() + say('ready'), blame()]
  if (kind === 'forward') return [escaped(equal(...forwardCells(node))), blame(node)]
  if (kind === 'turn') return [say('turn', escaped(L.name)), `<button data-do="local">${say('what_local')}</button>`]
  if (kind === 'start') return [say('start', escaped(L.name))]
  if (kind === 'end') return [say(steps.length === 1 ? 'done_one' : 'done', steps.length), `<span class="after">${result()}</span>`]
  const at = escaped(clipped(`${node.name} = ${expression(node)}`)), words = escaped(opSentence(node))
  if (asking()) return [asked(), answered()]
  if (Q.message) return [say('into', at, escaped(target(shown[0])), words), answered()]
  if (shown.length > 1) return [say('all_into', at, words), shown.slice(0, 3).map(step => escaped(outcome(step))).join(' ') + (shown.length > 3 ? ` ${say('more', shown.length - 3)}` : '')]
  return [say('into', at, escaped(target(shown[0])), words), escaped(`${product(shown[0])}${stop()}${outcome(shown[0])}`) + because(shown[0])]
}

function outcome(step) {
  const {before, flow, after} = told(step), count = step.into.uses.length, name = step.into.name
  const total = `${name}.grad = ${totalText([before, flow], after)}`
  const key = count === 1 ? 'only_use' : step.use === 1 ? 'first_use' : step.use < count ? 'some_uses' : 'last_use'
  return say(key, name, count, step.use, total)
}

// why nothing flows along a step
const reason = step => told(step).local === 0 ? zeroLocal(step) : told(step).upstream === 0 ? `${step.node.name}.grad = 0` : ''
const because = step => told(step).flow === 0 && reason(step) ? ' ' + say('zero', escaped(reason(step))) : ''
const odd = node => !isFinite(now.V[node.n])
const heir = node => odd(node) && node.of.some(i => odd(nodes[i]))
function blame(node) {
  const bad = nodes.filter(odd)
  if (!bad.length || (node && node !== bad[0])) return ''
  return say('culprit', escaped(bare(bad[0])), num(now.V[bad[0].n]), bad.length - 1)
}

const result = () => leaves.map(leaf => escaped(meaning(leaf)) + stop()).join('')

function equation() {
  const {kind, node, steps: shown} = screen()
  const term = (caption, text, kind = '') => `<span class="term"><small>${caption}</small>${role(kind, text)}</span>`
  if (kind === 'forward') return `<div class="line">${term(mathOf(expression(node)), mathOf(inNumbers(node) || bare(node)))}<i>=</i>${term(mathOf(node.name), num(now.V[node.n]))}</div>`
  if (kind === 'start') return `<div class="line">${term(`${say('grad')} ${escaped(node.name)}.grad`, 1, 'up')}</div>`
  if (kind === 'ready') return `<div class="line">${mathOf(G.title)}</div>`
  if (kind === 'turn') return `<div class="line">${term(say('arrives'), say('upstream'), 'up')}<i>·</i>` +
    `${term(say('slope'), say('local'), 'lo')}<i>=</i>${term(say('handed_on'), say('ask_flow'), 'fl')}</div>`
  if (kind === 'end') return S.mode === 'predict' ? score() : summary()
  return shown.map(step => {
    const {upstream, local, flow} = told(step), hidden = asking(), [up, lo] = product(step).includes(' * ') ? product(step).split(' = ')[0].split(' * ') : [num(upstream), num(local)]
    const mul = step.node.op.n === 'mul', [names, numbers] = pieces(step), plain = names === num(local)
    const detail = plain || hidden ? '' : mul ? say('factor', word(step.index ? 'left' : 'right'), mathOf(names)) : equal(mathOf(names), numbers && numbers !== num(local) ? mathOf(numbers) : '')
    return `<div class="line">${term(`${say('upstream')} ${escaped(step.node.name)}.grad`, up, 'up')}<i>·</i>` +
      `${term(`${say('local')}${detail && word('colon')}${detail}`, hidden ? '?' : lo, 'lo')}<i>=</i>` +
      `${term(`${say('flow')} ${escaped(target(step))}`, hidden ? '?' : num(flow), 'fl')}</div>`
  }).join('') + (asking() ? question() : '') + (shown.length === 1 ? sumBar(shown[0]) : '')
}

// the gradients of the leaves, and what one can do now
function summary() {
  const gradient = leaf => `<span class="use done">${escaped(leaf.name)}.grad = ${role('up', num(now.grad[leaf.n]))}</span>`
  const button = name => `<button data-do="${name}">${say(name)}</button>`
  return `<div>${leaves.map(gradient).join(' ')}</div><div>${['check', 'explore', 'predict', 'new_numbers', 'follow'].map(button).join(' ')}</div>`
}

// a.grad: [-3 from v2] + [2 from v1 left] + [? from v1 right] = -1   2 of 3 uses
function sumBar(step) {
  const {uses, name} = step.into
  if (uses.length < 2) return ''
  const use = other => {
    const shown = other.use < step.use || (other === step && !asking())
    const where = say('from', escaped(other.node.name)) + (several(other) ? ' ' + sideOf(other) : '')
    return `<span class="use ${other === step ? 'here' : shown ? 'done' : ''}">${shown ? role('fl', num(told(other).flow)) : '?'} <small>${where}</small></span>`
  }
  const last = asking() ? told(step).before : told(step).after
  return `<div class="sum">${escaped(name)}.grad: ${uses.map(use).join(' + ')} = ${num(last)} <small>${say('uses', step.use - (asking() ? 1 : 0), uses.length)}</small></div>`
}

function following() {
  const {kind, steps: [step]} = screen(), after = screens[S.at + 1]
  if (S.at < turn() || !after || after.kind !== 'step' || after.node.n === root || (kind === 'step' && after.node === step.node)) return ''
  return say('next_single', escaped(after.node.name))
}

let show = () => {
  setLanguage()
  document.body.className = `${S.big ? 'lecture ' : ''}${S.mode}`
  $('title').textContent = G.title
  $('phase').textContent = phase()
  const [line, more = ''] = sentence(), after = following()
  $('sentence').innerHTML = `<p>${line}</p><p>${more}</p><p class="after">${after}</p>`
  $('equation').innerHTML = equation()
  for (const x of document.querySelectorAll('[data-word]')) x.textContent = say(x.dataset.word)
  for (const x of document.querySelectorAll('[data-title]')) x.title = x.ariaLabel = say(x.dataset.title)
  paint()
  $('crumbs').innerHTML = crumbs()
  const words = spoken()
  if ($('spoken').textContent !== words) $('spoken').textContent = words
  $('picture').setAttribute('aria-label', G.title)
  centre()
  $('scrub').max = screens.length - 1
  $('scrub').value = S.at
  $('scrub').setAttribute('aria-valuetext', phase())
  $('turn').style.setProperty('--turn', turn() / (screens.length - 1))
  $('by').textContent = say(`by_${S.by}`)
  $('mode').textContent = say(S.mode === 'watch' ? 'predict' : 'watch')
  $('mode').setAttribute('aria-pressed', S.mode === 'predict')
  drawer()
  fit()
  const field = $('field')
  if (field && matchMedia('(pointer: fine)').matches) field.focus({preventScroll: true})
}
const still = matchMedia('(prefers-reduced-motion: reduce)')
