// What opens below: table, paths, values, tangent, code.

const tabs = ['table', 'paths', 'values', 'tangent', 'code']
let built = '', beside_tabs = () => '' // a page may have more to open

function drawer() {
  $('tabs').innerHTML = tabs.map(tab => `<button aria-expanded="${tab === S.tab}" aria-controls="${tab === 'table' ? 'steps' : 'drawer'}" data-do="tab" data-tab="${tab}">${say(tab)}</button>`).join('') + beside_tabs()
  const place = $('drawer'), key = S.tab + language
  $('steps').hidden = S.tab !== 'table'
  place.hidden = !S.tab || S.tab === 'table'
  if (S.tab === 'table') table()
  if (S.tab === 'paths') place.innerHTML = paths()
  if (S.tab === 'tangent') {
    const {choose} = document.activeElement.dataset // it keeps the focus when it is made anew
    place.innerHTML = tangent()
    if (choose) document.querySelector(`[data-choose=${choose}]`)?.focus()
  }
  if (S.tab === 'code') place.innerHTML = `<pre>${escaped(code())}</pre>`
  if (S.tab === 'values' && built !== key) place.innerHTML = values()
  if (S.tab === 'values') follow_values()
  for (const field of document.querySelectorAll('[data-value]'))
    if (field !== document.activeElement || field.type === 'range') field.value = given[field.dataset.value]
  built = key
}

function table() {
  const {done, kind, steps: shown} = screen(), hide = S.mode === 'predict'
  const known = step => !hide || kind === 'end' || step.number < done || (step.number === done && !asking())
  $('steps').tHead.innerHTML = `<tr>${['step', 'into_head', 'ask_local', 'flow_head', 'after_head'].map(key => `<th>${say(key)}</th>`).join('')}</tr>`
  $('steps').tBodies[0].innerHTML = stepRows().map(({step, cells, line}) => !cells
    ? known(step) ? `<tr><td colspan="5">${escaped(line)}</td></tr>` : ''
    : `<tr${shown.includes(step) ? ' aria-current="step"' : ''}>${cells.map((cell, i) => `<td>${known(step) || i < 2 ? escaped(cell) : '?'}</td>`).join('')}</tr>`).join('')
}

function paths() {
  const leaf = S.follow, choose = `<p>${say('follow')}${word('colon')}${leaves.map(one => `<button data-do="leaf" data-leaf="${one.n}" aria-pressed="${one === leaf}">${escaped(one.name)}</button>`).join('')}</p>`
  if (asking()) return `${choose}<p>${say('after_answer')}</p>`
  if (!leaf) return `${choose}<p>${say('choose_leaf')}</p>`
  const count = pathCounts()[leaf.n], L = nodes[root], lines = []
  const walk = (node, trail, factors, rules, last) => {
    if (node === leaf) {
      const result = num(factors.reduce((a, b) => a * b, 1))
      lines.push([trail, equal(rules.join(' * ') || '1', factors.map(num).join(' * ') || '1', result), result, last])
    }
    for (const step of node.steps) if (on.has(step.into.n)) {
      const r = rule(step)
      walk(step.into, `${trail} <- ${target(step)}`, [...factors, told(step).local], [...rules, / [-+] /.test(r) ? `(${r})` : r], step.number)
    }
  }
  const head = `<p>${escaped(count === 1n ? say('one_path', leaf.name, L.name) : say('path_count', leaf.name, L.name, count))}</p>`
  if (count > 40n) return `${choose}${head}<p>${say('too_many')} ${escaped(leaf.name)}.grad = ${num(now.grad[leaf.n])}</p>`
  walk(L, L.name, [], [], 0)
  lines.sort((one, other) => one[3] - other[3])
  const sum = lines.length > 1 ? `${leaf.name}.grad = ${lines.map(line => line[2]).join(' + ')} = ${num(now.grad[leaf.n])}` : ''
  return `${choose}${head}<table>${lines.map(([trail, text]) => `<tr><td>${escaped(trail)}</td><td>${escaped(text)}</td></tr>`).join('')}</table><p>${escaped(sum)}</p>`
}

// The line that the engine just ran, with numbers.
function code() {
  const {kind, node, steps: shown} = screen()
  if (kind === 'forward') return `${node.name}.data = ${expression(node)}   # ${equal(inNumbers(node) || bare(node), num(valueOf(node)))}`
  if (kind === 'start') return `${node.name}.grad = 1`
  if (kind !== 'step' || asking()) return ''
  return shown.map(step => {
    const {upstream, local, before, after} = told(step)
    return `${step.into.name}.grad += ${step.node.name}.grad * ${num(local)}   # ${num(before)} + ${num(upstream)} * ${num(local)} = ${num(after)}`
  }).join('\n')
}

function values() {
  if (frozen) return fixedNumbers()
  const row = leaf => {
    const x = leaf.value, reach = Math.max(2, 2 * Math.abs(x)), name = escaped(leaf.name), at = `data-value="${leaf.n}" aria-label="${name}"`
    return `<tr><th>${name}</th><td><input type="range" min="${x - reach}" max="${x + reach}" step="any" ${at}></td>` +
      `<td><input type="text" inputmode="decimal" ${at}></td><td id="grad${leaf.n}"></td></tr>`
  }
  const button = name => `<button data-do="${name}">${say(name)}</button>`
  return `<table>${leaves.map(row).join('')}</table><p>${['check', 'reset', 'new_numbers', 'downhill'].map(button).join('')}</p><p id="lines"></p><p id="checked"></p>`
}

function follow_values() {
  if (frozen) return
  for (const leaf of leaves) $(`grad${leaf.n}`).textContent = S.mode === 'predict' ? '' : `${leaf.name}.grad = ${num(now.grad[leaf.n])}`
  if ($('checked').dataset.at !== given.join()) $('checked').innerHTML = ''
  if (S.mode === 'predict' || leaves.every(leaf => given[leaf.n] === first.V[leaf.n])) {
    $('lines').innerHTML = ''
    return
  }
  const guess = first.V[root] + total(leaves.map(leaf => first.grad[leaf.n] * (given[leaf.n] - first.V[leaf.n])))
  $('lines').innerHTML = `${say('predicted')}: <b>${num(guess)}</b><br>${say('really')}: <b id="really">${num(now.V[root])}</b>`
}

function measure() {
  $('checked').dataset.at = given.join()
  if (asking()) {
    $('checked').innerHTML = say('after_answer')
    return
  }
  const h = 1e-4, rows = leaves.map(leaf => {
    const at = by => run(given.map((x, n) => n === leaf.n ? x + by : x)).V[root]
    return `${escaped(leaf.name)}: ${say('ask_grad')} ${num(now.grad[leaf.n])}, ${say('measured')} ${((at(h) - at(-h)) / (2 * h)).toFixed(4)}`
  })
  $('checked').innerHTML = `${say('checked', escaped(nodes[root].name))}<br>${rows.join('<br>')}`
}

// Small whole numbers, others than before, for which everything stays finite.
function renumber() {
  if (frozen) return
  const before = given.join()
  for (let i = 0; i < 60; i++) {
    for (const leaf of leaves) given[leaf.n] = (1 + Math.floor(3 * Math.random())) * (Math.random() < 0.5 ? -1 : 1)
    recompute()
    if (given.join() !== before && now.V.every(isFinite) && now.grad.every(x => isFinite(x) && Math.abs(x) < 1e4)) break
  }
  first = now
}

function setLeaf(n, x) {
  if (!isFinite(x)) return
  given[n] = x
  recompute()
}

addEventListener('input', event => {
  const field = event.target, n = field.dataset.value
  if (n === undefined || field.value === '') return
  setLeaf(n, parse(field.value) ?? NaN)
  show()
  address()
})

addEventListener('change', event => {
  const {choose} = event.target.dataset
  if (!choose) return
  T[choose === 'tangent_node' ? 'node' : 'leaf'] = event.target.value
  show()
})

Object.assign(actions, {
  tab: button => { S.tab = S.tab === button.dataset.tab ? '' : button.dataset.tab },
  leaf: button => followed(S.follow === nodes[button.dataset.leaf] ? null : nodes[button.dataset.leaf]),
  check: () => {
    S.tab = 'values'
    show()
    if (!frozen) measure()
  },
  reset: () => {
    for (const leaf of leaves) given[leaf.n] = leaf.value
    recompute()
    first = now
  },
  new_numbers: () => renumber(),
  downhill: () => {
    for (const leaf of leaves) given[leaf.n] -= 0.1 * now.grad[leaf.n]
    recompute()
  },
  ask: button => {
    S.ask = button.dataset.kind
    Q.tries = {}
    Q.own = {}
    Q.message = ''
    replan()
  },
  enter: () => {
    if ($('field')) Q.message = check($('field').value)
  },
})
