// Predict mode: what the learner types is compared with the right number and with what usual mistakes give.

const Q = {message: '', tries: {}, own: {}, only: null, again: [], once: 0, later: 0, shown: 0, mistakes: {}}
const asking = () => S.mode === 'predict' && screen().kind === 'step' && !(Q.tries[screen().done] || {}).over
const asksGradient = () => S.ask === 'grad'

// the gradient of a node as the learner has it: one slip is not counted again further on
const mine = node => node.n in Q.own ? Q.own[node.n] : now.grad[node.n]
const flowHere = step => step.node.n in Q.own && told(step).local ? mine(step.node) * told(step).local : told(step).flow
const total = flows => flows.reduce((a, b) => a + b, 0)
const answer = (step, flow) => S.ask === 'local' ? told(step).local : asksGradient() ? total(step.into.uses.map(flow)) : flow(step)

function worked(step) {
  const {uses} = step.into
  if (S.ask === 'local') return equal(rule(step), num(told(step).local))
  if (!asksGradient() || uses.length === 1) return product(step)
  return `${uses.map(use => num(told(use).flow)).join(' + ')} = ${num(now.grad[step.into.n])}`
}

// what stays as it is while one use of an operand moves
function stays(step) {
  const others = step.node.of.filter((n, i) => i !== step.index && !nodes[n].constant)
  return others.length === 1 ? say('sign_stays', several(step) ? say('sign_other') : nodes[others[0]].name) : others.length ? say('sign_rest') : ''
}

// All mistakes that give this number, the likeliest first: [kind, what to say].
function mistakes(step, typed) {
  const {node, into} = step, {local} = told(step), upstream = mine(node), flow = flowHere(step), r = rule(step)
  const uses = into.uses, many = asksGradient() && uses.length > 1, right = answer(step, flowHere), ofLocal = S.ask === 'local'
  const x = digits(typed), is = number => near(typed, number) && !near(number, right), found = []
  const add = (kind, text) => found.push([kind, text])
  if (!ofLocal && is(local) && !near(local, flow))
    add('no_upstream', say(isNaN(r) ? 'no_upstream' : 'no_upstream_number', x, r, node.name))
  if (!ofLocal && is(upstream) && !near(upstream, flow))
    add('no_local', say(node.op.n === 'mul' ? 'no_local_mul' : 'no_local', x, node.name, into.name, r))
  if (!many && right && is(-right)) {
    const negative = [upstream < 0 && !ofLocal ? `${node.name}.grad` : '', local < 0 ? r : ''].filter(Boolean)
    const which = negative.length === 1 ? say('sign_one', negative[0]) : say(negative.length ? 'sign_both' : 'sign_none')
    add('sign', uses.length === 1 ? say('sign', which, into.name, nodes[root].name) :
      local >= 0 && upstream < 0 && !ofLocal ? say('sign', which, node.name, nodes[root].name) : say('sign_use', which, target(step), stays(step), node.name))
  }
  const own = (ofLocal ? 1 : upstream) * now.V[into.n]
  if (node.op.n === 'mul' && is(own) && !near(own, ofLocal ? local : flow))
    add('own', say('own', x, num(ofLocal ? 1 : upstream), into.name, expression(node)))
  if (many && is(flow)) add('last_alone', say('last_alone', x, into.name, uses.length))
  if (many && uses.length < 9) for (let set = 2 ** uses.length - 2; set > 0; set--) {
    const inside = uses.filter((_, i) => set >> i & 1), without = uses.find((_, i) => !(set >> i & 1))
    if (inside.length > 1 && is(total(inside.map(flowHere)))) {
      const more = inside.length < uses.length - 1 ? '' : several(without) ? say('twice', expression(without.node).replace(/ /g, ''), into.name) : say('missing', without.node.name)
      add('forgot', say('forgot', x, inside.length, uses.length) + (language || !more ? '' : ' ') + more)
      break
    }
  }
  const slope = node.of.length === 1 && localSymbol(node.op.r && ((x, y) => node.op.r(x, x[0])), node, step.index) // the operand for the result
  if (slope && slope.text !== r && is(ofLocal ? slope.value : slope.value * upstream)) add('input', say('input', x, slope.text, node.op.n, r))
  if (!found.length && is(now.V[into.n])) add('value', say('is_value', x, into.name, nodes[root].name))
  return found.length ? found : [['unknown', say('unknown', node.name, into.name)]]
}

function check(typed) {
  const step = screen().steps[0], number = parse(typed)
  const tries = Q.tries[step.number] ||= {wrong: 0}
  if (number === null) return say('not_number')
  const finish = kind => {
    Q[kind]++
    tries.over = true
    delete Q.own[step.into.n]
  }
  if (near(number, answer(step, one => told(one).flow))) {
    finish(tries.wrong ? 'later' : 'once')
    return say('yes', worked(step))
  }
  if (step.node.n in Q.own && near(number, answer(step, flowHere))) {
    finish('once')
    keep(step, number)
    return say('slip', step.node.name, num(mine(step.node)))
  }
  const found = mistakes(step, number), [kind, text] = found[0]
  tries.wrong++
  tries.typed = number
  Q.mistakes[kind] = (Q.mistakes[kind] || 0) + 1
  if (tries.wrong > 2) {
    finish('shown')
    Q.again.push(step)
    return say('third', worked(step))
  }
  const told_ = found.length > 1 ? say('looks') + (language ? text : text[0].toLowerCase() + text.slice(1)) : text
  return told_ + (tries.wrong === 2 && S.ask !== 'local' ? ` ${blanks(step)}` : '')
}

const blanks = step => asksGradient() && step.into.uses.length > 1 ?
  `${step.into.name}.grad = ${step.into.uses.map(() => '[ ]').join(' + ')}` :
  `${step.into.uses.length > 1 ? say('ask_flow') : step.into.name + '.grad'} = [ ] * ${rule(step)}`

function keep(step, number) {
  if (S.ask === 'local') return
  Q.own[step.into.n] = asksGradient() ? number : now.grad[step.into.n] - told(step).flow + number
}

// Next without the right answer: the last number typed is kept, and later steps are judged with it
function leave() {
  const step = screen().steps[0], tries = Q.tries[step.number] ||= {wrong: 0}
  tries.over = true
  Q.shown++
  if ('typed' in tries) keep(step, tries.typed)
}

const asked = () => {
  const {node, into} = screen().steps[0]
  return say(`asked_${S.ask}`, escaped(`${node.name} = ${expression(node)}`), escaped(target(screen().steps[0])))
    .replace('{1}', escaped(into.name))
}
const answered = () => escaped(Q.message)

function question() {
  const {into} = screen().steps[0], kinds = ['flow', 'local', 'grad']
  const name = S.ask === 'grad' ? `${escaped(into.name)}.grad` : say(`ask_${S.ask}`)
  return `<div class="ask"><label>${name} = <input id="field" type="text" autocomplete="off" autocapitalize="off" enterkeyhint="done"></label>` +
    `<button data-do="enter">${say('enter')}</button><span>${kinds.map(kind => `<button data-do="ask" data-kind="${kind}" aria-pressed="${kind === S.ask}">${say(`ask_${kind}`)}</button>`).join('')}</span></div>`
}

function score() {
  const often = Object.entries(Q.mistakes).sort((a, b) => b[1] - a[1]).slice(0, 2).map(([kind]) => say(`name_${kind}`))
  return `<p>${say('score', Q.once, Q.later, Q.shown)} ${often.length ? say('most', often.join(language ? '、' : ', ')) : ''} ${Q.again.length ? say('again', Q.again.length) : ''}</p>`
}

// the steps that were shown come again, with new numbers
function repeat() {
  if (S.mode !== 'predict' || screen().kind !== 'end' || !Q.again.length) return false
  const kinds = Q.again.map(step => `${step.node.op.n} ${step.index}`)
  Q.only = steps.filter(step => kinds.includes(`${step.node.op.n} ${step.index}`))
  Q.again = []
  Q.tries = {}
  Q.own = {}
  renumber()
  plan()
  S.at = turn() + 2 // the first step
  return true
}
