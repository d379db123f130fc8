/* The limit for one training step of a 2-16-16-1 MLP: loss, gradients, L2 and SGD, blocked by hand.
   Lanes of samples as wide as the machine's vectors, 8 rows of a matrix at a time; weights are w[i][j] with the bias last.
   Prints microseconds per step and the loss. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define N 100
#define L 104
#define H 16
#ifdef __AVX512F__
enum { LANES = 8 };
#else
enum { LANES = 4 };
#endif
typedef double vec __attribute__((vector_size(8 * LANES)));
#define B (L / LANES)

static double w1[H][3], w2[H][H + 1], w3[H + 1], g1[H][3], g2[H][H + 1], g3[H + 1];
static vec x[2][B], y[B], a1[H][B], a2[H][B], d1[H][B], d2[H][B], ds[B];

static inline vec splat(double v) { vec r; for (int i = 0; i < LANES; i++) r[i] = v; return r; }
static inline double total(vec v) { double r = 0; for (int i = 0; i < LANES; i++) r += v[i]; return r; }
static inline vec positive(vec v, vec g) { return (vec)((v > 0) & (__typeof__(v > 0))g); }

static double step(double rate) {
    vec loss = splat(0);
    for (int i = 0; i < H; i++)
        for (int b = 0; b < B; b++) {
            vec z = splat(w1[i][2]) + w1[i][0] * x[0][b] + w1[i][1] * x[1][b];
            a1[i][b] = positive(z, z);
        }
    for (int i = 0; i < H; i += 8)
        for (int b = 0; b < B; b++) {
            vec z[8];
            for (int k = 0; k < 8; k++) z[k] = splat(w2[i + k][H]);
            for (int j = 0; j < H; j++)
                for (int k = 0; k < 8; k++) z[k] += w2[i + k][j] * a1[j][b];
            for (int k = 0; k < 8; k++) a2[i + k][b] = positive(z[k], z[k]);
        }
    for (int b = 0; b < B; b++) {
        vec z = splat(w3[H]);
        for (int j = 0; j < H; j++) z += w3[j] * a2[j][b];
        vec m = 1.0 - y[b] * z, weight = splat(1.0 / N);
        if (b >= N / LANES) for (int t = 0; t < LANES; t++) if (b * LANES + t >= N) weight[t] = 0;
        loss += positive(m, m) * weight;
        ds[b] = positive(m, -y[b] * weight);
    }
    for (int i = 0; i < H; i++) {
        vec sum = splat(0);
        for (int b = 0; b < B; b++) { sum += ds[b] * a2[i][b]; d2[i][b] = positive(a2[i][b], w3[i] * ds[b]); }
        g3[i] = total(sum);
    }
    vec sum3 = splat(0);
    for (int b = 0; b < B; b++) sum3 += ds[b];
    g3[H] = total(sum3);
    for (int j = 0; j < H; j += 8)
        for (int b = 0; b < B; b++) {
            vec z[8];
            for (int k = 0; k < 8; k++) z[k] = splat(0);
            for (int i = 0; i < H; i++)
                for (int k = 0; k < 8; k++) z[k] += w2[i][j + k] * d2[i][b];
            for (int k = 0; k < 8; k++) d1[j + k][b] = positive(a1[j + k][b], z[k]);
        }
    for (int i = 0; i < H; i += 2) {
        for (int j = 0; j < H; j += 4) {
            vec s[2][4];
            for (int k = 0; k < 4; k++) s[0][k] = s[1][k] = splat(0);
            for (int b = 0; b < B; b++)
                for (int k = 0; k < 4; k++) { s[0][k] += d2[i][b] * a1[j + k][b]; s[1][k] += d2[i + 1][b] * a1[j + k][b]; }
            for (int k = 0; k < 4; k++) { g2[i][j + k] = total(s[0][k]); g2[i + 1][j + k] = total(s[1][k]); }
        }
        vec t0 = splat(0), t1 = t0;
        for (int b = 0; b < B; b++) { t0 += d2[i][b]; t1 += d2[i + 1][b]; }
        g2[i][H] = total(t0); g2[i + 1][H] = total(t1);
    }
    for (int i = 0; i < H; i++) {
        vec s0 = splat(0), s1 = s0, s2 = s0;
        for (int b = 0; b < B; b++) { s0 += d1[i][b] * x[0][b]; s1 += d1[i][b] * x[1][b]; s2 += d1[i][b]; }
        g1[i][0] = total(s0); g1[i][1] = total(s1); g1[i][2] = total(s2);
    }
    double squares = 0, *w[3] = {&w1[0][0], &w2[0][0], w3}, *g[3] = {&g1[0][0], &g2[0][0], g3};
    int size[3] = {H * 3, H * (H + 1), H + 1};
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < size[k]; i++) {
            squares += w[k][i] * w[k][i];
            w[k][i] -= rate * (g[k][i] + 2e-4 * w[k][i]);
        }
    return total(loss) + 1e-4 * squares;
}

int main(int argc, char **argv) { /* steps, rate; then 337 weights, 100 rows of x0 x1 y on standard input */
    int steps = atoi(argv[1]);
    double rate = atof(argv[2]), loss = 0;
    double *w[3] = {&w1[0][0], &w2[0][0], w3};
    int size[3] = {H * 3, H * (H + 1), H + 1};
    for (int k = 0; k < 3; k++) for (int i = 0; i < size[k]; i++) if (scanf("%lf", &w[k][i]) != 1) return 1;
    for (int t = 0; t < N; t++) {
        double u, v, z;
        if (scanf("%lf %lf %lf", &u, &v, &z) != 3) return 1;
        x[0][t / LANES][t % LANES] = u; x[1][t / LANES][t % LANES] = v; y[t / LANES][t % LANES] = z;
    }
    clock_t begin = clock();
    for (int k = 0; k < steps; k++) loss = step(rate);
    printf("%.17g %.17g\n", (double)(clock() - begin) / CLOCKS_PER_SEC / steps * 1e6, loss);
    return 0;
}
