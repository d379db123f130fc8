// The cards of a picture as `draw` makes them: what stands on a box, how large that makes it, and its elements.

const NAME = 13, BODY = 12, SMALL = 11, PAD = 10, HEAD = 27, ROW = 19, FOOT = 8, WIDEST = 250, NARROWEST = 92, SPACE = 7, LEVELS = 3
// hundredths of the type size: printable ASCII from the space on, then runs of characters
const WIDTHS = [32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
  100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
  50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84]
const BEGINS = [0, 0x0300, 0x0370, 0x1100, 0x1160, 0x2E80, 0xA4D0, 0xAC00, 0xD7A4, 0xF900, 0xFB00, 0xFE30, 0xFE70, 0xFF00, 0xFF61, 0xFFE0, 0xFFE7, 0x1F000]
const RUNS = [80, 0, 80, 102, 80, 102, 80, 102, 80, 102, 80, 102, 80, 102, 60, 102, 80, 102]

function textWidth(text, size, bold = false) {
  let hundredths = 0
  for (const c of text) {
    const code = c.codePointAt(0)
    hundredths += code >= 32 && code < 127 ? WIDTHS[code - 32] : RUNS[BEGINS.findLastIndex(begin => begin <= code)]
  }
  return tenth(hundredths * size / 100 * (bold ? 1.1 : 1))
}

function shortened(text, size, limit, bold = false) {
  if (textWidth(text, size, bold) <= limit) return text
  let letters = [...text]
  while (letters.length && textWidth(letters.join('') + '…', size, bold) > limit) letters.pop()
  return letters.join('').trimEnd() + '…'
}

const SIGNED = Object.values(INFIX).map(([sign]) => sign)
const ANY_ORDER = ['add', 'mul', 'sum', 'prod', 'maximum', 'minimum', 'logsumexp', 'logaddexp', 'hypot', 'norm', 'dot']

// how a node was computed, as pictures write it
function cardExpression(node) {
  if (!node.op) return ''
  if (['softmax', 'sech2'].includes(node.op.n)) return writtenOf(node, operandsOf(node).map(x => new Expression(x.name, valueOf(x)))).text
  const sign = INFIX[node.op.n]?.[0] || (node.op.n === 'neg' ? '-' : node.op.n), [left, right, ...more] = node.of.map(i => nodes[i].name)
  if (SIGNED.includes(sign) && right !== undefined && !more.length) {
    const second = right.startsWith('-') ? `(${right})` : right
    return sign === '**' ? `${left}**${second}` : `${left} ${sign} ${second}`
  }
  if (sign === '-' && right === undefined) return `-${left}`
  return `${sign}(${node.of.map(i => nodes[i].name).join(', ')})`
}

// the name and the expression in the upper line, cut to fit
function headOf({name, expression, group}) {
  const shown = shortened(name, NAME, WIDEST - 2 * PAD, true)
  if (!expression) return [shown, '']
  const room = WIDEST - 2 * PAD - textWidth(shown, NAME, true) - SPACE
  return [shown, shortened(group ? expression : '= ' + expression, BODY, Math.max(room, 60))]
}

// width and height of a box, in whole pixels; rows are pairs [what it is, number]
function cardSize(card, rows) {
  const [name, expression] = headOf(card)
  let wide = textWidth(name, NAME, true) + (expression ? SPACE + textWidth(expression, BODY) : 0)
  if (!rows.length) return [+fixed(wide + 2 * PAD + 4, 0), 26]
  for (const [key, text] of rows) wide = Math.max(wide, textWidth(key, SMALL) + 2 * SPACE + textWidth(text, BODY))
  return [+fixed(Math.max(wide + 2 * PAD, NARROWEST), 0), HEAD + ROW * rows.length + FOOT]
}

const labelSize = text => text ? [textWidth(text, SMALL) + 6, 14] : [0, 0]

// -- elements ----------------------------------------------------------------------------------------------

const rectangle = (x, y, w, h, kind, rounded = 0, more = '') =>
  `<rect x="${tenth(x)}" y="${tenth(y)}" width="${tenth(w)}" height="${tenth(h)}"${rounded ? ` rx="${rounded}"` : ''} class="${kind}"${more}/>`
const textLine = (x, middle, text, size, kind, anchor = 'start') =>
  `<text x="${tenth(x)}" y="${tenth(middle + 0.36 * size)}" font-size="${size}" class="${kind}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${escaped(text)}</text>`

// A box: `card` says what it is and in which state, `rows` are [key, text, number, kind].
function drawCard(card, rows, [left, top, wide, high], peak) {
  const [name, expression] = headOf(card), parts = []
  if (card.constant) {
    return rectangle(left, top, wide, high, 'head frame', 13) + textLine(left + wide / 2, top + high / 2, name, NAME, 'muted', 'middle')
  }
  if (card.group) parts.push(rectangle(left + 5, top + 5, wide, high, 'card frame', 8))
  parts.push(rectangle(left, top, wide, high, `card ${card.frame || 'frame'}`, 8))
  if (card.leaf) parts.push(`<path d="M${tenth(left + 1)} ${tenth(top + HEAD)}v${8 - HEAD}q0 -7 7 -7h${tenth(wide - 16)}q7 0 7 7v${HEAD - 8}z" class="head"/>`)
  parts.push(`<text x="${tenth(left + PAD)}" y="${tenth(top + HEAD / 2 + 0.36 * NAME)}" font-size="${NAME}" font-weight="600" class="ink">${escaped(name)}` +
    `${expression && `<tspan dx="${SPACE}" font-size="${BODY}" font-weight="400" class="muted">${escaped(expression)}</tspan>`}</text>`)
  rows.forEach(([key, text, number, kind], k) => {
    const at = top + HEAD + ROW * k + 2, middle = at + ROW / 2
    if (kind === 'grad' && text) parts.push(tint(card, number, left, at, wide, peak))
    if (kind === 'grad' && !text && key) parts.push(rectangle(left + 4, at, wide - 8, ROW, 'place', 4))
    parts.push(textLine(left + PAD, middle, key, SMALL, 'muted'))
    if (text) parts.push(textLine(left + wide - PAD, middle, text, BODY, isFinite(number) || number === undefined ? 'ink' : 'bad', 'end'))
  })
  return parts.join('')
}

// A ground whose colour tells sign and size of a gradient, and a bar under it; hollow while uses are missing.
function tint({soFar}, grad, left, top, wide, peak) {
  if (!grad) return ''
  const sign = grad < 0 ? 'minus' : 'plus', share = peak && isFinite(grad) ? Math.min(Math.abs(grad) / peak, 1) : 1
  const level = Math.min(Math.floor(share * LEVELS) + 1, LEVELS), half = wide / 2 - PAD, centre = left + wide / 2, long = Math.max(share * half, 1.5)
  const ground = soFar ? rectangle(left + 4, top, wide - 8, ROW, `hollow line-${sign}`, 4) : rectangle(left + 4, top, wide - 8, ROW, `${sign}${level}`, 4)
  return ground + rectangle(centre - half, top + ROW + 0.5, 2 * half, 3, 'track', 1.5) +
    rectangle(grad < 0 ? centre - long : centre, top + ROW + 0.5, long, 3, sign) + rectangle(centre - 0.5, top + ROW - 0.5, 1, 5, 'muted')
}
