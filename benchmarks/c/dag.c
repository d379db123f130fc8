/* A random graph as a plain interpreter runs it: one switch per node, forward and backward, over flat arrays.
   Standard input, binary: leaves, nodes, ends as int32; each node's kind (0 + 1 * 2 - 3 tanh) and its two operands;
   the ends, which are summed; the leaves' numbers as doubles. Prints microseconds per pass, the sum, its gradient. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { int32_t kind, a, b; } Node;

static double pass(int leaves, int nodes, int ends, const Node *node, const int32_t *end, double *x, double *g) {
    double total = 0, *y = x + leaves, *dy = g + leaves;
    for (int i = 0; i < nodes; i++) {
        Node n = node[i];
        switch (n.kind) {
            case 0: y[i] = x[n.a] + x[n.b]; break;
            case 1: y[i] = x[n.a] * x[n.b]; break;
            case 2: y[i] = x[n.a] - x[n.b]; break;
            default: y[i] = tanh(x[n.a]);
        }
    }
    memset(g, 0, sizeof *g * (leaves + nodes));
    for (int i = 0; i < ends; i++) { total += x[end[i]]; g[end[i]] += 1; }
    for (int i = nodes - 1; i >= 0; i--) {
        Node n = node[i];
        switch (n.kind) {
            case 0: g[n.a] += dy[i]; g[n.b] += dy[i]; break;
            case 1: g[n.a] += dy[i] * x[n.b]; g[n.b] += dy[i] * x[n.a]; break;
            case 2: g[n.a] += dy[i]; g[n.b] -= dy[i]; break;
            default: g[n.a] += dy[i] * (1 - y[i] * y[i]);
        }
    }
    return total;
}

int main(int argc, char **argv) { /* how many passes */
    int32_t size[3];
    int passes = argc > 1 ? atoi(argv[1]) : 1;
    if (fread(size, 4, 3, stdin) != 3) return 1;
    int leaves = size[0], nodes = size[1], ends = size[2], all = leaves + nodes;
    Node *node = malloc(sizeof *node * nodes);
    int32_t *end = malloc(sizeof *end * ends);
    double *x = malloc(sizeof *x * all), *g = malloc(sizeof *g * all), total = 0;
    if (fread(node, sizeof *node, nodes, stdin) != (size_t)nodes || fread(end, 4, ends, stdin) != (size_t)ends
        || fread(x, 8, leaves, stdin) != (size_t)leaves) return 1;
    clock_t begin = clock();
    for (int k = 0; k < passes; k++) total = pass(leaves, nodes, ends, node, end, x, g);
    printf("%.17g %.17g\n", (double)(clock() - begin) / CLOCKS_PER_SEC / passes * 1e6, total);
    for (int i = 0; i < leaves; i++) printf("%.17g\n", g[i]);
    return 0;
}
