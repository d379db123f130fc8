// The curve of any node over any leaf, with the tangent at the leaf's number.

const T = {node: null, leaf: null}

// the slope of a node to a leaf: the backward pass from there
function slopeOf(node, leaf) { return run(given, node.n).grad[leaf.n] }

function ticks(low, high) {
  const step = 10 ** Math.floor(Math.log10((high - low) / 3)), size = [5, 2, 1].map(k => k * step).find(size => (high - low) / size >= 3) || step, found = []
  for (let x = Math.ceil(low / size) * size; x <= high + 1e-9 * size; x += size) found.push(Math.round(x / size) * size)
  return found
}

function tangent() {
  if (frozen) return fixedNumbers()
  if (!leaves.length || !computed.length) return ''
  const node = computed.find(one => one.name === T.node) || nodes[root], leaf = leaves.find(one => one.name === T.leaf) || leaves[0]
  const choice = (key, some, chosen) => `<label>${say(key)} <select data-choose="${key}">${some.map(one => `<option${one === chosen ? ' selected' : ''}>${escaped(one.name)}</option>`).join('')}</select></label>`
  const choices = `<p>${choice('tangent_node', computed, node)} ${choice('tangent_leaf', leaves, leaf)}</p>`
  if (asking()) return `${choices}<p>${say('after_answer')}</p>`
  const x = given[leaf.n], y = valueOf(node), slope = slopeOf(node, leaf), reach = Math.max(2, Math.abs(x))
  const at = Array.from({length: 121}, (_, i) => x + reach * (i / 60 - 1)), heights = at.map(x => run(given.map((old, n) => n === leaf.n ? x : old)).V[node.n])
  const seen = heights.filter(isFinite), middle = isFinite(y) ? y : 0, most = Math.max(1e-9, ...seen.map(h => Math.abs(h - middle)))
  const tall = Math.min(most, 4 * Math.max(reach * Math.abs(slope || 0), Math.abs(middle), 1)) * 1.15, wide = 460, high = 260, left = 52, bottom = 34
  const px = x_ => left + (x_ - x + reach) / (2 * reach) * (wide - left - 10), py = h => 10 + (middle + tall - h) / (2 * tall) * (high - bottom - 10)
  const inside = h => isFinite(h) && Math.abs(h - middle) <= tall
  const path = at.map((x, i) => inside(heights[i]) ? `${i && inside(heights[i - 1]) ? 'L' : 'M'}${tenth(px(x))} ${tenth(py(heights[i]))}` : '').join('')
  const xs = ticks(x - reach, x + reach), ys = ticks(middle - tall, middle + tall)
  const grid = xs.map(t => `<path class="grid" d="M${tenth(px(t))} 10V${high - bottom}"/><text x="${tenth(px(t))}" y="${high - bottom + 16}" text-anchor="middle">${digits(+t.toPrecision(6))}</text>`).join('') +
    ys.map(t => `<path class="grid" d="M${left} ${tenth(py(t))}H${wide - 10}"/><text x="${left - 6}" y="${tenth(py(t) + 4)}" text-anchor="end">${digits(+t.toPrecision(4))}</text>`).join('')
  const end = side => { // where the tangent leaves the picture
    const run = Math.min(reach, slope ? tall / Math.abs(slope) : reach)
    return `${tenth(px(x + side * run))} ${tenth(py(y + side * run * slope))}`
  }
  const line = isFinite(slope) && isFinite(y) ? `<path class="tangent" d="M${end(-1)}L${end(1)}"/><circle cx="${tenth(px(x))}" cy="${tenth(py(y))}" r="4"/>` : ''
  const words = say('tangent_is', node.name, leaf.name, num(x), num(y), num(slope))
  return `${choices}<svg viewBox="0 0 ${wide} ${high}" width="${wide}" class="plot" role="img" aria-label="${escaped(words)}">${grid}<path class="curve" d="${path}"/>${line}` +
    `<text x="${wide - 10}" y="${high - 4}" text-anchor="end">${escaped(leaf.name)}</text><text x="4" y="14">${escaped(node.name)}</text></svg><p class="text">${escaped(words)}</p>`
}
