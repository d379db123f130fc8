// The step in words, for a screen reader.

const aloud = x => num(x).replace(/^-/, say('minus'))

function spokenExpression(node) {
  const key = `spoken_${node.op.n}`, names = node.of.map(i => nodes[i].name)
  return W[key] ? say(key, ...names) : say('spoken_of', node.op.n, names.join(', '))
}

function spoken() {
  const {kind, node, steps: shown} = screen(), gap = language ? '' : ' '
  if (kind === 'forward') return `${node.name} = ${spokenExpression(node)} = ${aloud(now.V[node.n])}`
  if (kind !== 'step' || asking()) return [...$('sentence').children].map(p => p.firstChild?.tagName === 'BUTTON' ? '' : p.textContent).filter(Boolean).join(' ')
  return shown.map(step => {
    const {upstream, local, flow, before, after} = told(step), {uses, name} = step.into, left = uses.length - step.use
    const mul = step.node.op.n === 'mul'
    const factor = mul ? say('spoken_factor', sideOf({node: step.node, index: 1 - step.index})) : say('spoken_local')
    const into = mul && several(step) ? say('spoken_side', name, sideOf(step)) : say('spoken_into', target(step))
    return [say('spoken_at', step.number, steps.length, node.name, spokenExpression(node)),
      say('spoken_flow', aloud(upstream), factor, aloud(local), aloud(flow), into),
      step.use > 1 ? say('spoken_sum', name, aloud(before), aloud(flow), aloud(after)) : say('spoken_is', name, aloud(after)),
      left ? say(left > 1 ? 'spoken_missing_more' : 'spoken_missing', name, left === 1 && !language ? 'One' : left) : say('only_use', name),
    ].join(gap)
  }).join(gap)
}
