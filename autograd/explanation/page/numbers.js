// Numbers as a learner may type them.

// What a Chinese keyboard types, as Python writes it: `narrowed` of autograd/messages/chinese.py
const SIGNS = {}
for (const sign of '\u00b7\u00d7\u2022\u2219\u22c5\u30fb') SIGNS[sign] = '*'
for (const sign of '\u2010\u2012\u2013\u2014\u2212') SIGNS[sign] = '-'
for (const sign of '\u00f7\u2215\u2044') SIGNS[sign] = '/'
Object.assign(SIGNS, {'\u3010': '[', '\u3011': ']', '\u3001': ','})
const RAISED = /[\u207a\u207b]?[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+/g
const narrowed = typed => typed.replace(RAISED, run => '**' + run.normalize('NFKC')).normalize('NFKC')
  .replace(/./gsu, sign => SIGNS[sign] || sign).replace(/(?<=\p{Nd})\u3002(?=\p{Nd})/gu, '.')

// right is what is within 1 %, or what would be shown
function near(typed, right) {
  if (!isFinite(right)) return Object.is(typed, right)
  return Math.abs(typed - right) <= 0.01 * Math.abs(right) || typed === +digits(right)
}
