// What only graphs of programs have: too many boxes, which are shown part by part, by their scopes (a network, its
// layers, its neurons), and nodes that were made by hand.

const fixedNumbers = () => `<p>${escaped(say('frozen', frozen.name))}</p>`

const VISIBLE = 40, ENOUGH = 16, TOO_FEW = 4 // boxes that are shown at once; a picture of parts opens some up to so many

// the boxes inside a part: its nodes, or its parts, as many of them opened as there is room for
cut = (part, scopes) => {
  if (part.nodes.length <= VISIBLE || !scopes) return part.nodes.map(n => ({nodes: [n]}))
  const boxes = within(part, scopes)
  for (let closed; (closed = boxes.filter(box => box.scope)).length;) {
    const opened = new Map(closed.map(box => [box, within(box, scopes)]))
    const smallest = closed.reduce((a, b) => opened.get(b).length < opened.get(a).length ? b : a)
    const count = boxes.length - 1 + opened.get(smallest).length
    if (count > (boxes.length >= TOO_FEW ? ENOUGH : VISIBLE) && boxes.length > 1) break
    boxes.splice(boxes.indexOf(smallest), 1, ...opened.get(smallest))
  }
  return boxes
}

// the boxes one scope further in
function within(part, scopes) {
  const depth = part.scope.length, found = new Map()
  for (const n of part.nodes) {
    const scope = scopes[n].slice(0, depth + 1), key = scope.length > depth ? scope.join('\n') : n
    if (!found.has(key)) found.set(key, key === n ? {nodes: []} : {nodes: [], scope})
    found.get(key).nodes.push(n)
  }
  return [...found.values()].map(box => box.nodes.length > 1 ? box : {nodes: box.nodes})
}

const rowsOfPart = box => [['', say('nodes', box.nodes.length)], [say('steps'), `${steps.length}/${steps.length}`]]

// a part of the graph as one box; a click opens it
function drawnPart(box) {
  const inside = new Set(box.nodes.map(n => nodes[n])), out = steps.filter(step => inside.has(step.node)), {node: current, done} = screen()
  const over = out.filter(step => step.number <= done).length, here = S.at && inside.has(current), back = S.at > turn()
  const far = S.follow && ![...inside].some(node => on.has(node.n)), all = over === out.length
  const rows = [['', say('nodes', inside.size), 1, ''], [back ? say('steps') : '', back ? `${over}/${out.length}${all ? ' ✓' : ''}` : '', 1, '']]
  const card = {...cardOf(box), frame: here ? 'current' : 'frame'}, state = classes('node part', here && 'here', far && 'pale', all && back && 'done')
  return `<g class="${state}" data-part="${box.number}" role="button" tabindex="0" aria-label="${escaped(card.name)}">${drawCard(card, rows, box.place, 1)}</g>`
}

// where the picture is: the way up from a part
crumbs = () => {
  let trail = ''
  for (let at = S.view; at > 0; at = parts[at].up) trail = ` › <b>${escaped(parts[at].scope.at(-1))}</b>` + trail
  return trail && `<button data-do="up">‹ ${say('everything')}</button>${trail}`
}
