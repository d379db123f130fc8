// A page of one graph: G is written by Python.
language = G.lang === 'zh' ? 1 : 0
load(G.nodes)
findParts(G.scopes)
G.by = parts.length > 1 ? 'node' : 'edge'
started()
