// Exercises asked and judged in the page as `answer` does it in Python. The numbers of every variant, the right
// answers, what each known mistake gives and what is said to it were computed there: they stand in SHEET.

const STORE = `autograd answers ${SHEET.seed}`
let kept = {}
try { kept = JSON.parse(localStorage.getItem(STORE)) || {} } catch { /* nothing can be kept, or it is not ours */ }
const stateOf = key => kept[key] ||= {variant: 0, wrong: 0, right: false, attempts: []}
const variantOf = ({key, variants}) => variants[stateOf(key).variant % variants.length]

function keep() {
  try { localStorage.setItem(STORE, JSON.stringify(kept)) } catch (error) { return '\n' + word('answer_not_kept', {error: error.message}) }
  return ''
}

const close = (a, b) => a === b || (isFinite(b) && Math.abs(a - b) <= Math.max(SHEET.close * Math.max(Math.abs(a), Math.abs(b)), SHEET.least))
const same = (got, wanted) => got.every((x, i) => close(x, wanted[i]))

// What is wrong with what was typed for one part, as {told, name, counts}; null when it is right.
function judged({right, mistakes, points}, typed, second) {
  if (!typed.trim()) return {told: () => word('answer_blank')}
  const formula = points.length && /[a-z_]/i.test(narrowed(typed).replace(/[\d.]e(?=[-+\d])/gi, ''))
  const got = formula ? points.map(x => parse(typed, x)) : [parse(typed)]
  if (!got.every(x => x !== null && isFinite(x))) return {told: () => word('answer_not_a_number')}
  if (same(got, right)) return null
  const fields = () => ({given: got.length === 1 ? digits(got[0]) : word('given')})
  const found = mistakes.filter(({made}) => same(got, made)), at = {x: digits(points[0]), y: digits(got[0])}
  if (!found.length) return {counts: true, name: '', told: () =>
    (formula ? word('answer_at', at) + ' ' : '') + word('answer_not_yet', {second: filled(second[language], fields())})}
  const told = () => found.map(({text}) => filled(text[language], fields()))
  return {counts: true, name: found.map(({name}) => name).join(' / '), told: () =>
    found.length > 1 ? word('answer_looks_like', {told: told().join(word('answer_or'))}) : told()[0]}
}

// Judge what was typed for all parts, keep the attempt, and give what is said, to be read in either language.
function answer(exercise, given) {
  const state = stateOf(exercise.key), variant = variantOf(exercise), {second, solution, parts, other} = variant
  let fault = null, name = ['', '']
  for (const [i, part] of parts.entries()) if (!fault) {
    fault = judged(part, given[i], second)
    name = exercise.names[i]
  }
  const note = said => state.attempts.push({variant: state.variant, given: given.map(x => x.slice(0, 100)), said})
  if (!fault) {
    state.right = true
    note('right')
    const not_kept = keep()
    return {right: true, told: () => word('answer_yes', {solution: solution[language]}) + not_kept}
  }
  const told = () => (name[language] ? name[language] + word('colon') : '') + fault.told()
  if (!fault.counts) return {told}
  state.wrong++
  note(fault.name || 'not known')
  const shown = state.wrong >= SHEET.shownAfter
  if (shown) {
    state.wrong = 0
    state.variant++
  }
  const next = variantOf(exercise).question, not_kept = keep()
  const told_then = () => word('answer_shown', {fault: told(), solution: solution[language]}) +
    (other ? '\n' + word('answer_variant', {question: next[language]}) : '')
  return {shown, told: () => (shown ? told_then() : told()) + not_kept}
}

// -- the screen --------------------------------------------------------------------------------------------

const sections = SHEET.exercises.map((exercise, n) => {
  const section = $(`exercise${n}`), field = '<label><span></span> <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false"></label>'
  if (exercise.names) section.insertAdjacentHTML('beforeend',
    `<form>${field.repeat(exercise.names.length)}<button type="submit"></button><button type="button"></button></form><p class="said" role="status"></p>`)
  return section
})
const said = sections.map(() => null)
const toggle = document.querySelector('header').appendChild(document.createElement('button'))

function show() {
  setLanguage()
  const asked = SHEET.exercises.filter(({names}) => names)
  document.title = document.querySelector('h1').textContent = word('sheet_title')
  toggle.textContent = word('sheet_language')
  $('count').textContent = word('sheet_count', {right: asked.filter(({key}) => stateOf(key).right).length, all: asked.length})
  SHEET.exercises.forEach((exercise, n) => {
    const section = sections[n], {key, names, question, note} = exercise
    section.querySelector('.question').textContent = (names ? variantOf(exercise).question : question)[language]
    if (!names) {
      section.querySelector('.note').textContent = note[language]
      return
    }
    section.querySelectorAll('label').forEach((label, i) => {
      const name = names[i][language]
      label.firstChild.textContent = name ? name + word('colon').trim() : ''
      label.lastChild.ariaLabel = name ? `${key} ${name}` : `${key} ${word('sheet_field')}`
    })
    const [submit, another] = section.querySelectorAll('button'), place = section.querySelector('.said'), {told, right} = said[n] || {}
    submit.textContent = word('sheet_answer')
    another.textContent = word('sheet_another')
    for (const button of [submit, another]) button.ariaLabel = `${key} ${button.textContent}`
    another.hidden = exercise.variants.length < 2
    const text = told ? told() : ''
    if (place.textContent !== text) place.textContent = text
    place.classList.toggle('right', !!right)
  })
}

sections.forEach((section, n) => {
  const exercise = SHEET.exercises[n], form = section.querySelector('form'), fields = form ? [...form.querySelectorAll('input')] : []
  const fresh = () => {
    for (const field of fields) field.value = ''
    fields[0].focus()
  }
  form?.addEventListener('submit', event => {
    event.preventDefault()
    said[n] = answer(exercise, fields.map(field => field.value))
    if (said[n].shown) fresh()
    show()
  })
  form?.lastChild.addEventListener('click', () => {
    const state = stateOf(exercise.key)
    Object.assign(state, {variant: state.variant + 1, wrong: 0, right: false})
    said[n] = null
    keep()
    fresh()
    show()
  })
})
toggle.addEventListener('click', () => {
  language = 1 - language
  show()
})
show()
