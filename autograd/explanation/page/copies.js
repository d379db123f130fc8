// The typed graph for other places: as Python, as PyTorch, as LaTeX, as SVG.

const LAST = node => node.n === root || !node.madeUp // what gets a line of its own
const pythonNumber = x => Number.isInteger(x) && Math.abs(x) < 1e16 ? `${x}.0` : short(x)

// Every line `name = expression`, made-up names written out; `write` says how an op on its parts reads.
function linesOf(write, symbol) {
  const found = new Map()
  for (const node of nodes) {
    const whole = node.op ? write(node, node.of.map(i => found.get(i))) : null
    found.set(node.n, node.op && !LAST(node) ? whole : symbol(node))
    if (node.op) node.whole = whole
  }
  return computed.filter(LAST)
}

const asPython = node => node.constant ? numeral(node.value, pythonNumber(node.value)) : new Expression(node.name, 0)

// one share of a softmax is taken out of its list; a list that has a name gets a line of its own
const shareText = (node, list, call) => new Expression(`${call(list.map(x => x.text).join(', '))}${/\]$/.test(node.name) ? '' : `[${node.op.share}]`}`, 0)
const lineOf = node => `${node.op.share === undefined ? node.name : node.name.replace(/\[\d+\]$/, '')} = ${node.whole.text}`
const linesText = lines => [...new Set(lines.map(lineOf))]

function pythonText() {
  const write = (node, parts) => node.op.share === undefined ? written(node.op.n, parts) : shareText(node, parts, all => `softmax([${all}])`)
  const lines = linesOf(write, asPython), L = nodes[root].name
  const functions = [...new Set(computed.map(node => node.op.n).filter(name => !INFIX[name] && name !== 'neg'))].sort()
  const names = leaves.map(leaf => leaf.name), made = leaves.map(leaf => `Value(${pythonNumber(given[leaf.n])})`)
  return [`from autograd import ${['Value', ...functions, 'step_through'].join(', ')}`, '',
    ...(names.length ? [`${names.join(', ')} = ${made.join(', ')}`] : []),
    ...linesText(lines), '',
    `${L}.backward()`, ...names.map(name => `print("${name}.grad =", ${name}.grad)`), `step_through(${L})`].join('\n')
}

const asOperators = ({op}) => op.n in INFIX || ['neg', 'sum', 'prod'].includes(op.n)

function torchText() {
  const tensor = x => x.literal ? `torch.tensor(${x.text}, dtype=torch.float64)` : x.text
  const formOf = ({op, of}) => of.length > 2 && op.c && !op.a ? undefined : Object.keys(TORCH).find(form => TORCH[form].split(' ').includes(op.n))
  const write = (node, parts) => {
    if (node.op.share !== undefined) return shareText(node, parts.map(x => ({text: tensor(x)})), all => `torch.softmax(torch.stack([${all}]), 0)`)
    const form = formOf(node), all = () => parts.map(tensor).join(', ')
    if (form) return new Expression(form.replace('@', node.op.n).replace(/§(\d)/g, (_, i) => tensor(parts[i])).replace('§', all), 0)
    return asOperators(node) ? written(node.op.n, parts) : new Expression(`${node.op.n}(${all()})`, 0)
  }
  const lines = linesOf(write, asPython), L = nodes[root].name
  const missing = [...new Set(computed.filter(node => !formOf(node) && !asOperators(node) && node.op.share === undefined).map(node => node.op.n))]
  return ['import torch', ...missing.map(name => `# PyTorch has no ${name}`), '',
    ...leaves.map(leaf => `${leaf.name} = torch.tensor(${pythonNumber(given[leaf.n])}, dtype=torch.float64, requires_grad=True)`),
    ...linesText(lines), '',
    `${L}.backward()`, ...leaves.map(leaf => `print("${leaf.name}.grad =", ${leaf.name}.grad.item())`)].join('\n')
}

const GREEK = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'eta', 'theta', 'lambda', 'mu', 'sigma', 'tau', 'phi', 'omega']
function texName(name) {
  if (GREEK.includes(name)) return `\\${name}`
  const [, letters, index] = /^([A-Za-z]+)_?\[?(\d*)\]?$/.exec(name) || []
  if (!letters) return `\\text{${name.replace(/_/g, '\\_')}}`
  const stem = GREEK.includes(letters) ? `\\${letters}` : letters.length === 1 ? letters : `\\mathrm{${letters}}`
  return index ? `${stem}_${index.length > 1 ? `{${index}}` : index}` : stem
}
function texNumber(text) {
  const [mantissa, power] = text.replace('...', '\\ldots ').replace('inf', '\\infty').split('e')
  return power ? `${mantissa}\\cdot 10^{${+power}}` : mantissa
}
const inBrackets = (x, rank) => x.rank < rank ? `\\left(${x.text}\\right)` : x.text

function texWritten(node, parts) {
  const {n: name} = node.op, [left, right] = parts
  if (INFIX[name] && !['div', 'pow', 'floordiv'].includes(name)) {
    const [sign, rank] = INFIX[name], tighter = name === 'sub' || rank === COMPARE ? 1 : 0
    return new Expression(`${inBrackets(left, rank)} ${TEX[name] || sign} ${inBrackets(right, right.text.startsWith('-') ? ATOM : rank + tighter)}`, 0, rank)
  }
  if (name === 'neg') return new Expression('-' + inBrackets(left, SIGN + 1), 0, SIGN)
  if (name === 'div') return new Expression(`\\frac{${left.text}}{${right.text}}`, 0, PRODUCT + 1)
  if (name === 'pow' || name === 'square') return new Expression(`${inBrackets(left, ATOM)}^{${name === 'square' ? 2 : right.text}}`, 0, POWER)
  if (node.op.share !== undefined) return new Expression(`\\operatorname{softmax}\\left(${parts.map(x => x.text).join(', ')}\\right)_{${node.op.share}}`, 0)
  const inside = parts.map(x => x.text).join(', '), shape = TEX[name] || `\\operatorname{${name.replace(/_/g, '\\_')}}`
  return new Expression(shape.includes('%s') ? shape.replace('%s', inside) : `${shape}\\left(${inside}\\right)`, 0)
}

function texText() {
  const symbol = node => node.constant ? Object.assign(new Expression(texNumber(node.name), 0, node.value < 0 ? SIGN : ATOM)) : new Expression(texName(node.name), 0)
  const lines = linesOf(texWritten, symbol), L = texName(nodes[root].name)
  return ['\\begin{aligned}', [...lines.map(node => `${texName(node.name)} &= ${node.whole.text} = ${texNumber(num(valueOf(node)))}`),
    ...leaves.map(leaf => `\\frac{d${L}}{d${texName(leaf.name)}} &= ${texNumber(num(gradOf(leaf)))}`)].join(' \\\\\n'), '\\end{aligned}'].join('\n')
}

// the picture as it stands, its colours written into it
function svgText() {
  const copy = $('picture').cloneNode(true), originals = [...$('picture').querySelectorAll('*')]
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i])
    for (const name of ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-weight'])
      if (element.tagName !== 'g' || name === 'opacity') element.setAttribute(name, style.getPropertyValue(name))
    for (const name of ['class', 'data-node', 'tabindex', 'role']) element.removeAttribute(name)
  })
  copy.querySelector('[aria-hidden]')?.remove()
  const {width, height} = view, paper = getComputedStyle(document.body).backgroundColor
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif">` +
    `<title>${escaped(G.title)}</title><rect width="100%" height="100%" fill="${paper}"/>${copy.innerHTML}</svg>`
}

const COPIES = {python: pythonText, torch: torchText, latex: texText, svg: svgText}

// the expression in one line, down to the nodes that have a name
function titleOf(longest = 78) {
  const top = nodes[root]
  if (!top.op) return top.name
  linesOf(writtenOf, symbolOf)
  return `${top.name} = ${top.whole.text.length > longest ? expressionText(top) : top.whole.text}`
}
