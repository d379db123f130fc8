// The words of a page in the language in force, and what every page needs to put them on the screen.

let language = 0 // 0 English, 1 Chinese
const word = (key, fields = {}) => filled(WORDS[key][language], fields)
const filled = (text, fields) => text.replace(/\{(\w+(?:\[\d\])?)\}/g, (whole, name) => name in fields ? fields[name] : whole)
const $ = id => document.getElementById(id)
const escaped = text => String(text).replace(/[&<>"]/g, c => `&#${c.charCodeAt()};`)
const setLanguage = () => { document.documentElement.lang = language ? 'zh-CN' : 'en' }
