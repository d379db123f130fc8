// Buttons, keys, the address.

function go(at) {
  S.at = Math.max(0, Math.min(screens.length - 1, at))
  Q.message = ''
  show()
  address()
}

// stay at the same moment when the list of screens changes
function replan() {
  const {kind, node, done} = screen()
  plan()
  let at = screens.findIndex(one => one.kind === kind && (kind === 'step' ? one.done >= done : one.node === node))
  S.at = at < 0 ? turn() : at
}

const followed = node => {
  S.follow = node
  on = node ? between(node) : new Set()
  replan()
}

let playing = 0
function play(start) {
  clearInterval(playing)
  playing = 0
  if (start) playing = setInterval(() => {
    go(S.at + 1)
    if (screen().kind === 'turn' || screen().kind === 'end') play(false)
  }, 2000)
  document.querySelector('[data-do=play]').dataset.word = playing ? 'pause' : 'play'
  show()
}

const tell = text => {
  $('note').firstChild.innerHTML = text
  $('note').showModal()
}

Object.assign(actions, {
  next: () => {
    if (asking()) leave()
    if (!repeat()) go(S.at + 1)
  },
  prev: () => go(S.at - 1),
  back: () => go(S.at > turn() ? turn() : 0),
  end: () => go(S.at < turn() ? turn() : screens.length - 1),
  play: () => play(!playing),
  by: () => {
    S.by = S.by === 'edge' ? 'node' : 'edge'
    replan()
  },
  predict: () => {
    S.mode = S.mode === 'watch' ? 'predict' : 'watch'
    S.by = 'edge'
    replan()
  },
  speak: () => { language = 1 - language },
  open: box => { S.view = +box.dataset.part },
  up: () => { S.view = Math.max(0, parts[S.view].up) },
  explore: () => { S.tab = 'values' },
  values: () => { S.tab = S.tab === 'values' ? '' : 'values' },
  follow: () => followed(leaves[S.follow ? leaves.indexOf(S.follow) + 1 : 0] || null),
  big: () => { S.big = !S.big },
  help: () => tell(say('keys').replace(/\n/g, '<br>')),
  local: () => tell(`${say('local_is').replace('\n', '<br>')}<svg viewBox="0 0 120 70" width="180"><path class="curve" d="M5 65Q60 60 115 5"/><path class="tangent" d="M25 66L105 22"/><circle cx="65" cy="44" r="3"/></svg>`),
  close: () => $('note').close(),
})
const keys = {ArrowRight: 'next', ' ': 'next', ArrowLeft: 'prev', n: 'by', p: 'predict', v: 'values', f: 'follow', b: 'big', '?': 'help', Enter: 'next'}

addEventListener('click', event => {
  const button = event.target.closest('[data-do]'), box = event.target.closest('[data-node]'), part = event.target.closest('[data-part]')
  if (button) act(button.dataset.do, button)
  else if (part) {
    S.view = +part.dataset.part
    show()
  } else if (box && leaves[0]) {
    const node = nodes[box.dataset.node]
    followed(node === S.follow || !leaves.includes(node) ? null : node)
    show()
    address()
  }
})

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const typing = /text|number|select/.test(event.target.type) || event.target.dataset?.value !== undefined
  if (event.target.id === 'field' && event.key === 'Enter') act('enter')
  if (event.target.id === 'guess' && event.key === 'Enter') act('guess')
  if (event.key === 'Enter' && event.target.dataset?.part) act('open', event.target)
  const name = keys[event.key.length > 1 ? event.key : event.key.toLowerCase()]
  if (typing || $('note').open || (/^( |Enter)$/.test(event.key) && event.target.tagName === 'BUTTON')) return
  if (event.key === 'Home') go(0)
  else if (event.key === 'End') go(screens.length - 1)
  else if (name) act(name)
  else return
  event.preventDefault()
})

function act(name, button) {
  if (name !== 'play' && playing) play(false)
  actions[name](button)
  show()
  address()
}

$('scrub').addEventListener('input', event => go(+event.target.value))

let more = () => ({}) // what else the address holds

// The address: #step=5&mode=predict&follow=a; forward screens are f1, f2, ..., others their names.
function address() {
  const {kind, done} = screen()
  const parts = {...more(), step: kind === 'step' ? done : kind === 'forward' ? `f${S.at}` : kind}
  if (S.mode === 'predict') parts.mode = 'predict'
  if (S.follow) parts.follow = S.follow.name
  if (S.by === 'node') parts.by = 'node'
  if (S.big) parts.big = 1
  if (language !== (G.lang === 'zh' ? 1 : 0)) parts.lang = language ? 'zh' : 'en'
  try { history.replaceState(null, '', '#' + new URLSearchParams(parts)) } catch { /* a page inside a notebook has no address */ }
}

let visit = () => {
  const asked = new URLSearchParams(location.hash.slice(1)), step = asked.get('step') || G.step
  S.mode = asked.get('mode') || G.mode
  S.by = asked.get('by') || G.by || 'edge'
  S.big = asked.has('big')
  if (asked.has('lang')) language = asked.get('lang') === 'zh' ? 1 : 0
  S.follow = leaves.find(leaf => leaf.name === asked.get('follow')) || null
  on = S.follow ? between(S.follow) : new Set()
  plan()
  const at = screens.findIndex((one, i) => one.kind === step || (one.kind === 'forward' && `f${i}` === step) || (one.kind === 'step' && one.done >= +step))
  S.at = at < 0 && +step > 0 ? screens.length - 1 : Math.max(0, at) // a step beyond the last: the end
  show()
}

// the page is shown when its graph is there
function started() {
  $('still').hidden = true
  $('page').hidden = false
  addEventListener('hashchange', () => visit())
  addEventListener('resize', () => show())
  visit()
}
