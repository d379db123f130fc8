// The playground: what is typed becomes the graph, letters become sliders, mistakes are named, lessons ask.

let P = {text: '', preset: '', lesson: -1, answered: '', mistake: null}
const field = $('expr'), fieldNames = ['e', 'step', 'mode', 'by', 'follow', 'big', 'lang', 'lesson']
const keyOf = name => fieldNames.includes(name) ? `v.${name}` : name

// Read what is typed; a graph that cannot be read leaves the last one on the screen.
function typed(text, values, moment = null) {
  P.text = text
  let graph = null
  try {
    const read = parseLines(text)
    graph = listed(read, values)
    if (graph.length > 200) throw new Mistake('large', 0, text.length, {count: graph.length})
    P.mistake = null
  } catch (mistake) {
    if (!(mistake instanceof Mistake)) throw mistake
    P.mistake = mistake
    if (!nodes) graph = listed(parseLines(PRESETS.neuron[0]), PRESETS.neuron[1])
  }
  if (!graph) {
    complain()
    return false
  }
  load(graph)
  findParts(null)
  G.title = titleOf()
  Q.only = null
  Object.assign(Q, {tries: {}, own: {}, message: '', again: []})
  S.follow = leaves.find(leaf => leaf.name === S.follow?.name) || null
  on = S.follow ? between(S.follow) : new Set()
  const before = moment || (screens.length ? screen().kind : 'end')
  plan()
  const at = screens.findIndex(one => one.kind === before)
  S.at = at < 0 ? screens.length - 1 : at
  complain()
  sliders()
  return true
}

// the mistake: the line with its place marked, one sentence, and a button where it is known what to type
function complain() {
  const {mistake} = P, place = $('mistake')
  $('graph').classList.toggle('stale', !!mistake)
  field.setAttribute('aria-invalid', !!mistake)
  if (!mistake) {
    place.innerHTML = ''
    return
  }
  const {from, to} = mistake, start = P.text.lastIndexOf('\n', from - 1) + 1, end = (P.text + '\n').indexOf('\n', from)
  const marked = P.text.slice(from, Math.min(to, end)) || ' '
  const fields = Object.fromEntries(Object.entries(mistake.fields).map(([key, value]) => [key, escaped(value)]))
  place.innerHTML = `<pre aria-hidden="true">${escaped(P.text.slice(start, from))}<mark>${escaped(marked)}</mark>${escaped(P.text.slice(Math.min(Math.max(to, from), end), end))}</pre>` +
    `<p class="text"><span role="status">${filled(W[`wrong_${mistake.key}`][language], fields)}</span> ${mistake.fix ? `<button data-do="fix">${say('fix', escaped(mistake.fix))}</button>` : ''}</p>`
}

function sliders() {
  $('sliders').innerHTML = leaves.map(leaf => {
    const x = given[leaf.n], reach = Math.max(3, 2 * Math.abs(x)), at = `data-value="${leaf.n}"`, name = escaped(leaf.name)
    return `<span class="knob"><b>${name}</b><input type="range" min="${x - reach}" max="${x + reach}" step="any" value="${x}" ${at} aria-label="${name}">` +
      `<input type="text" inputmode="decimal" value="${x}" ${at} aria-label="${name} ="></span>`
  }).join('')
}

beside_tabs = () => `<span id="copies">${Object.keys(COPIES).map(kind => `<button data-do="copy" data-kind="${kind}">${say(`copy_${kind}`)}</button>`).join('')}</span>`
const valuesNow = () => Object.fromEntries(leaves.map(leaf => [leaf.name, given[leaf.n]]))
more = () => ({e: P.text, ...Object.fromEntries(leaves.map(leaf => [keyOf(leaf.name), given[leaf.n]])), ...(P.lesson >= 0 ? {lesson: P.lesson + 1} : {})})

// Everything above the picture, in the language in force.
function frame() {
  const {preset, lesson} = P, learning = lesson >= 0 ? LESSONS[lesson] : null
  $('presets').innerHTML = Object.keys(PRESETS).map(name => `<button data-do="preset" data-name="${name}" aria-pressed="${name === preset && !learning}">${say(`preset_${name}`)}</button>`).join('') +
    `<button data-do="learn" class="learn" aria-pressed="${!!learning}">${say(learning ? 'lesson_leave' : 'lesson_start')}</button>`
  $('question').innerHTML = learning ? lessonText(learning) : preset ? say(`ask_${preset}`) : say('typing')
  complain()
}

function lessonText([preset, leaf]) {
  const done = P.answered, asked = say(`ask_${preset}`)
  const head = `<b>${say('lesson', P.lesson + 1, LESSONS.length)}</b> ${asked} ${say('lesson_guess', leaf)}`
  if (!done) return `<p class="text">${head}</p><p><label>${leaf}.grad = <input id="guess" type="text" autocomplete="off"></label> <button data-do="guess">${say('enter')}</button></p>`
  const after = P.lesson + 1 < LESSONS.length ? `<button data-do="learn_on">${say('lesson_next')}</button>` : ''
  return `<p class="text">${head}</p><p class="text">${done} <b>${say('keep')}</b> ${say(`keep_${preset}`)} ${after}</p>`
}

function choose(name, moment) {
  const [text, values] = PRESETS[name]
  field.value = text
  grow()
  P.preset = name
  S.follow = null
  S.mode = 'watch'
  typed(text, values, moment)
}

function lesson(number) {
  P.lesson = number
  P.answered = ''
  choose(LESSONS[number][0], 'turn')
}

const grow = () => { field.rows = Math.max(1, field.value.split('\n').length) }

field.addEventListener('input', () => {
  grow()
  P.preset = ''
  const values = leaves ? valuesNow() : {}
  if (typed(field.value, values)) show()
  frame()
  address()
})

Object.assign(actions, {
  preset: button => {
    P.lesson = -1
    choose(button.dataset.name, 'turn')
  },
  fix: () => {
    const {from, to, fix} = P.mistake
    field.value = P.text.slice(0, from) + fix + P.text.slice(to)
    field.focus()
    typed(field.value, valuesNow())
  },
  learn: () => {
    if (P.lesson >= 0) P.lesson = -1
    else lesson(0)
  },
  learn_on: () => lesson(P.lesson + 1),
  guess: () => {
    const [, leaf] = LESSONS[P.lesson], right = gradOf(leaves.find(one => one.name === leaf)), guess = parse($('guess').value)
    if (guess === null) {
      tell(say('not_number'))
      return
    }
    P.answered = near(guess, right) ? say('guess_yes', num(right)) : say('guess_no', digits(guess), num(right))
    S.at = screens.findIndex(one => one.kind === 'start')
  },
  copy: button => {
    const text = COPIES[button.dataset.kind]()
    $('note').firstChild.innerHTML = `<textarea readonly rows="12" aria-label="${say(`copy_${button.dataset.kind}`)}"></textarea>`
    const area = $('note').querySelector('textarea')
    area.value = text
    $('note').showModal()
    area.select()
    navigator.clipboard?.writeText(text).then(() => $('note').firstChild.insertAdjacentHTML('beforeend', `<small role="status">${say('copied')}</small>`), () => {})
  },
})

const shown = show
show = () => { // the frame has the same language and state
  shown()
  frame()
}

// the address as a page begins, or as a link was followed
function begin() {
  const asked = new URLSearchParams(location.hash.slice(1)), text = asked.get('e')
  if (asked.has('lang')) language = asked.get('lang') === 'zh' ? 1 : 0
  const number = Number(asked.get('lesson'))
  if (number >= 1 && number <= LESSONS.length) {
    P.lesson = number - 1
    P.answered = ''
  }
  const [usual, values] = PRESETS[LESSONS[P.lesson]?.[0] || 'neuron']
  field.value = text ?? usual
  grow()
  const read = {...(text === null ? values : {})}
  for (const [key, value] of asked) if (value !== '' && isFinite(value)) read[key.replace(/^v\./, '')] = +value
  P.preset = Object.keys(PRESETS).find(name => PRESETS[name][0] === field.value) || ''
  typed(field.value, read, 'end')
  G.step = asked.get('step') || (P.lesson >= 0 ? 'turn' : 'end')
}

// on paper what stands on the screen, not what the page began with
addEventListener('beforeprint', () => {
  $('still').innerHTML = `<h1>${escaped(G.title)}</h1>${svgText()}<ol>${computed.map(node => `<li>${escaped(equal(...forwardCells(node)))}</li>`).join('')}</ol>`
  table()
})

const wander = visit
visit = () => {
  begin()
  wander()
}
$('page').classList.add('play')
leastHigh = [300, innerHeight - 620]
started()
