/* The limit for XOR: 2-2-1, sigmoid, squared error, full batch of 4, SGD; the four samples in one vector.
   Prints microseconds per epoch and the loss. */
#pragma GCC target("prefer-vector-width=256") /* there is nothing to fill eight lanes with */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
typedef double vec __attribute__((vector_size(32), may_alias));
static inline vec splat(double v) { return (vec){v, v, v, v}; }
static inline double total(vec v) { return v[0] + v[1] + v[2] + v[3]; }
static inline vec sigmoid(vec z) {
    double e[4] __attribute__((aligned(32)));
#pragma GCC unroll 1 /* or it is unrolled before it could become one exp of four */
    for (int i = 0; i < 4; i++) e[i] = exp(-z[i]);
    return 1.0 / (1.0 + *(vec *)e);
}
int main(int argc, char **argv) { /* epochs, rate; then 9 weights on standard input: w b of both hidden, output */
    int epochs = atoi(argv[1]);
    double rate = atof(argv[2]), w[9], loss = 0;
    for (int i = 0; i < 9; i++) if (scanf("%lf", &w[i]) != 1) return 1;
    vec x0 = {0, 0, 1, 1}, x1 = {0, 1, 0, 1}, y = {0, 1, 1, 0};
    clock_t begin = clock();
    for (int k = 0; k < epochs; k++) {
        vec h0 = sigmoid(w[0] * x0 + w[1] * x1 + w[2]), h1 = sigmoid(w[3] * x0 + w[4] * x1 + w[5]);
        vec o = sigmoid(w[6] * h0 + w[7] * h1 + w[8]), e = o - y;
        loss = total(e * e) / 4;
        vec d = 0.5 * e * o * (1 - o), d0 = d * w[6] * h0 * (1 - h0), d1 = d * w[7] * h1 * (1 - h1);
        w[6] -= rate * total(d * h0); w[7] -= rate * total(d * h1); w[8] -= rate * total(d);
        w[0] -= rate * total(d0 * x0); w[1] -= rate * total(d0 * x1); w[2] -= rate * total(d0);
        w[3] -= rate * total(d1 * x0); w[4] -= rate * total(d1 * x1); w[5] -= rate * total(d1);
    }
    printf("%.17g %.17g\n", (double)(clock() - begin) / CLOCKS_PER_SEC / epochs * 1e6, loss);
    return 0;
}
