/* The limit for one training step of a GPT on names: 16 numbers, 4 heads, 1 layer, 27 tokens, loss + gradients + Adam.
   Positions lie in lanes, as many as the machine's vectors have: every array of activations is [feature][positions], so that norms,
   both softmaxes and their gradients need no sum across lanes. Only the gradient of a weight is one over positions: an
   outer product of its output's gradient and the transposed input. The number of registers that a row of positions takes
   is a constant in each copy of `step`. Prints microseconds per step, the last loss, and all parameters. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifndef LANES
#ifdef __AVX512F__
#define LANES 8
#else
#define LANES 4
#endif
#endif
enum { VOCAB = 27, BLOCK = 16, DIM = 16, HEADS = 4, SIZE = DIM / HEADS, WIDE = 64, MOST = BLOCK / LANES };
typedef double vec __attribute__((vector_size(8 * LANES), may_alias)); /* read lane by lane too */
typedef long long mask __attribute__((vector_size(8 * LANES)));
typedef vec row[MOST]; /* one feature at all positions */
#define FITTING(n) (n < MOST ? n : MOST)
#define INLINE static inline __attribute__((always_inline)) /* a copy for each number of registers */
#define APART static __attribute__((noinline))

typedef struct { /* the last row of `head` makes it a multiple of 4: zero, and not trained */
    double token[VOCAB][DIM], place[BLOCK][DIM], norm[DIM], norm1[DIM], norm2[DIM];
    double qkv[3 * DIM][DIM], out[DIM][DIM], up[WIDE][DIM], down[DIM][WIDE], head[VOCAB + 1][DIM];
} Parameters;
enum { COUNT = sizeof(Parameters) / sizeof(double) - DIM };

static Parameters p, g, mean, square;
static int made = 0;

INLINE vec splat(double x) { vec r; for (int l = 0; l < LANES; l++) r[l] = x; return r; }
INLINE vec where(mask m, vec x) { return (vec)(m & (mask)x); }
INLINE vec either(mask m, vec x, vec y) { return (vec)((m & (mask)x) | (~m & (mask)y)); }
INLINE vec larger(vec x, vec y) { return either(x > y, x, y); }
INLINE double total(vec x) { double r = 0; for (int l = 0; l < LANES; l++) r += x[l]; return r; }

INLINE void weigh_rows(int n, int rows, int o, int ins, const double *w, int down, int right, row *x, row *y) {
    vec z[8][MOST];
    for (int k = 0; k < rows; k++) for (int b = 0; b < n; b++) z[k][b] = splat(0);
    for (int i = 0; i < ins; i++)
        for (int k = 0; k < rows; k++)
            for (int b = 0; b < n; b++) z[k][b] += w[(o + k) * down + i * right] * x[i][b];
    for (int k = 0; k < rows; k++) for (int b = 0; b < n; b++) y[o + k][b] = z[k][b];
}

INLINE void weigh_by(int n, int outs, int ins, const double *w, int down, int right, row *x, row *y) {
    int o = 0, rows = n * LANES > 8 ? 4 : 8; /* enough sums at a time to hide a multiplication's latency */
    for (; o + rows <= outs; o += rows) weigh_rows(n, rows, o, ins, w, down, right, x, y);
    if (o < outs) weigh_rows(n, 4, o, ins, w, down, right, x, y);
}

/* y = W x, some rows of W at a time; W[o][i] is w[o * down + i * right], so that W transposed works as well */
APART void weigh(int n, int outs, int ins, const double *w, int down, int right, row *x, row *y) {
    switch (n) {
        case 1: weigh_by(1, outs, ins, w, down, right, x, y); break;
        case 2: weigh_by(2, outs, ins, w, down, right, x, y); break;
        case 3: weigh_by(FITTING(3), outs, ins, w, down, right, x, y); break;
        default: weigh_by(FITTING(4), outs, ins, w, down, right, x, y);
    }
}

/* the gradient of W: dy x^T, a few rows and sixteen columns at a time */
APART void outer(int count, int outs, int ins, row *dy, row *x, double *gradient) {
    enum { ROWS = LANES / 2, ACROSS = 16 / LANES };
    double turned[BLOCK][WIDE] __attribute__((aligned(64)));
    for (int i = 0; i < ins; i++) for (int t = 0; t < count; t++) turned[t][i] = ((double *)x[i])[t];
    for (int o = 0; o < outs; o += ROWS)
        for (int i = 0; i < ins; i += 16) {
            vec z[ROWS][ACROSS];
            for (int k = 0; k < ROWS; k++) for (int j = 0; j < ACROSS; j++) z[k][j] = splat(0);
            for (int t = 0; t < count; t++)
                for (int k = 0; k < ROWS; k++)
                    for (int j = 0; j < ACROSS; j++)
                        z[k][j] += ((double *)dy[o + k])[t] * *(vec *)&turned[t][i + LANES * j];
            for (int k = 0; k < ROWS; k++)
                for (int j = 0; j < ACROSS; j++) memcpy(&gradient[(o + k) * ins + i + LANES * j], &z[k][j], sizeof(vec));
        }
}

/* y = x / sqrt(mean of x^2 + 1e-5) * w; `scale` keeps the factor before w */
INLINE void norm(int n, row *x, const double *w, vec *scale, row *y) {
    for (int b = 0; b < n; b++) {
        vec squares = splat(0);
        for (int i = 0; i < DIM; i++) squares += x[i][b] * x[i][b];
        for (int l = 0; l < LANES; l++) scale[b][l] = 1 / sqrt(squares[l] / DIM + 1e-5);
        for (int i = 0; i < DIM; i++) y[i][b] = x[i][b] * scale[b] * w[i];
    }
}

/* adds to dx, or begins it */
INLINE void norm_back(int n, row *x, const double *w, vec *scale, row *dy, double *dw, row *dx, int adds) {
    vec dot[MOST];
    for (int b = 0; b < n; b++) dot[b] = splat(0);
    for (int i = 0; i < DIM; i++) {
        vec sum = splat(0);
        for (int b = 0; b < n; b++) {
            vec d = dy[i][b] * x[i][b];
            sum += d * scale[b];
            dot[b] += d * w[i];
        }
        dw[i] = total(sum);
    }
    for (int b = 0; b < n; b++) {
        vec shrink = dot[b] * scale[b] * scale[b] * scale[b] / DIM;
        for (int i = 0; i < DIM; i++) {
            vec d = dy[i][b] * w[i] * scale[b] - x[i][b] * shrink;
            if (adds) d += dx[i][b];
            dx[i][b] = d;
        }
    }
}

INLINE void exponentials(double *x, int count) {
    for (int i = 0; i < count; i++) x[i] = exp(x[i]);
}

/* what `attend` keeps for its gradient: of each head, each key and each query the share */
typedef struct { row share[HEADS][BLOCK]; } Shares;

/* queries are lanes, keys go by: a softmax over keys needs no sum across lanes */
INLINE void attend(int n, int count, row *qkv, mask (*sees)[MOST], Shares *kept, row *mixed) {
    static vec e[HEADS * BLOCK * MOST];
    for (int h = 0; h < HEADS; h++)
        for (int b = 0; b < n; b++) {
            vec score[BLOCK], most = splat(-1e300);
            for (int s = 0; s < count; s++) {
                score[s] = splat(0);
                for (int d = h * SIZE; d < (h + 1) * SIZE; d++) score[s] += ((double *)qkv[DIM + d])[s] * qkv[d][b];
                score[s] *= 1 / sqrt(SIZE);
                most = either(sees[s][b] & (score[s] > most), score[s], most);
            }
            for (int s = 0; s < count; s++) e[(h * n + b) * count + s] = where(sees[s][b], score[s] - most);
        }
    exponentials((double *)e, HEADS * n * count * LANES);
    for (int h = 0; h < HEADS; h++)
        for (int b = 0; b < n; b++) {
            vec sum = splat(0), out[SIZE];
            for (int s = 0; s < count; s++) sum += where(sees[s][b], e[(h * n + b) * count + s]);
            sum = 1 / sum;
            for (int d = 0; d < SIZE; d++) out[d] = splat(0);
            for (int s = 0; s < count; s++) {
                vec share = where(sees[s][b], e[(h * n + b) * count + s]) * sum;
                kept->share[h][s][b] = share;
                for (int d = 0; d < SIZE; d++) out[d] += share * ((double *)qkv[2 * DIM + h * SIZE + d])[s];
            }
            for (int d = 0; d < SIZE; d++) mixed[h * SIZE + d][b] = out[d];
        }
}

INLINE void attend_back(int n, int count, row *qkv, Shares *kept, row *dmixed, row *dqkv) {
    for (int i = 0; i < 3 * DIM; i++) for (int b = 0; b < n; b++) dqkv[i][b] = splat(0);
    for (int h = 0; h < HEADS; h++) {
        row *query = qkv + h * SIZE, *key = query + DIM, *value = key + DIM, *dout = dmixed + h * SIZE;
        row *dquery = dqkv + h * SIZE, *dkey = dquery + DIM, *dvalue = dkey + DIM;
        vec weighted[MOST], dshare[BLOCK][MOST];
        for (int b = 0; b < n; b++) weighted[b] = splat(0);
        for (int s = 0; s < count; s++) {
            vec dv[SIZE];
            for (int d = 0; d < SIZE; d++) dv[d] = splat(0);
            for (int b = s / LANES; b < n; b++) {
                vec share = kept->share[h][s][b], ds = splat(0);
                for (int d = 0; d < SIZE; d++) {
                    ds += dout[d][b] * ((double *)value[d])[s];
                    dv[d] += share * dout[d][b];
                }
                dshare[s][b] = ds;
                weighted[b] += share * ds;
            }
            for (int d = 0; d < SIZE; d++) ((double *)dvalue[d])[s] = total(dv[d]);
        }
        for (int s = 0; s < count; s++) {
            vec dk[SIZE];
            for (int d = 0; d < SIZE; d++) dk[d] = splat(0);
            for (int b = s / LANES; b < n; b++) {
                vec ds = kept->share[h][s][b] * (dshare[s][b] - weighted[b]) * (1 / sqrt(SIZE));
                for (int d = 0; d < SIZE; d++) {
                    dquery[d][b] += ds * ((double *)key[d])[s];
                    dk[d] += ds * query[d][b];
                }
            }
            for (int d = 0; d < SIZE; d++) ((double *)dkey[d])[s] = total(dk[d]);
        }
    }
}

/* the mean cross-entropy, and in `logits` its gradient */
INLINE double cross_entropy(int n, int count, row *logits, const int *next) {
    static vec e[VOCAB * MOST];
    double loss = 0;
    for (int b = 0; b < n; b++) {
        vec most = logits[0][b];
        for (int c = 1; c < VOCAB; c++) most = larger(most, logits[c][b]);
        for (int c = 0; c < VOCAB; c++) e[b * VOCAB + c] = logits[c][b] - most;
    }
    for (int t = 0; t < count; t++) loss -= e[t / LANES * VOCAB + next[t]][t % LANES];
    exponentials((double *)e, n * VOCAB * LANES);
    for (int b = 0; b < n; b++) {
        vec sum = splat(0), weight = splat(1.0 / count);
        for (int c = 0; c < VOCAB; c++) sum += e[b * VOCAB + c];
        for (int l = 0; l < LANES; l++) if (b * LANES + l < count) loss += log(sum[l]); else weight[l] = 0;
        for (int c = 0; c < VOCAB; c++) logits[c][b] = e[b * VOCAB + c] / sum * weight;
        logits[VOCAB][b] = splat(0);
    }
    for (int t = 0; t < count; t++) logits[next[t]][t / LANES][t % LANES] -= 1.0 / count;
    return loss / count;
}

static void adam(double rate) {
    double *x = (double *)&p, *slope = (double *)&g, *m = (double *)&mean, *v = (double *)&square;
    made++;
    double cm = rate / (1 - pow(0.9, made)), cv = 1 / (1 - pow(0.999, made));
    for (int i = 0; i < COUNT; i++) {
        m[i] = 0.9 * m[i] + 0.1 * slope[i];
        v[i] = 0.999 * v[i] + 0.001 * (slope[i] * slope[i]);
        x[i] -= cm * m[i] / (sqrt(cv * v[i]) + 1e-8);
    }
}

/* one step on a text of count + 1 tokens; n registers hold count positions */
INLINE double step(int n, int count, const int *text, double rate) {
    static row x0[DIM], x1[DIM], x2[DIM], x3[DIM], a[DIM], c[DIM], qkv[3 * DIM], mixed[DIM], wide[WIDE], logits[VOCAB + 1];
    static row d0[DIM], d1[DIM], d2[DIM], dqkv[3 * DIM], dwide[WIDE];
    static Shares shares;
    vec s0[MOST], s1[MOST], s2[MOST];
    mask sees[BLOCK][MOST]; /* of each key: the queries at or after it */
    for (int s = 0; s < count; s++)
        for (int b = 0; b < n; b++) for (int l = 0; l < LANES; l++) sees[s][b][l] = b * LANES + l >= s ? -1 : 0;

    for (int t = 0; t < n * LANES; t++)
        for (int i = 0; i < DIM; i++) ((double *)x0[i])[t] = t < count ? p.token[text[t]][i] + p.place[t][i] : 0;
    norm(n, x0, p.norm, s0, x1);
    norm(n, x1, p.norm1, s1, a);
    weigh(n, 3 * DIM, DIM, p.qkv[0], DIM, 1, a, qkv);
    attend(n, count, qkv, sees, &shares, mixed);
    weigh(n, DIM, DIM, p.out[0], DIM, 1, mixed, x2);
    for (int i = 0; i < DIM; i++) for (int b = 0; b < n; b++) x2[i][b] += x1[i][b];
    norm(n, x2, p.norm2, s2, c);
    weigh(n, WIDE, DIM, p.up[0], DIM, 1, c, wide);
    for (int i = 0; i < WIDE; i++) for (int b = 0; b < n; b++) wide[i][b] = larger(wide[i][b], splat(0));
    weigh(n, DIM, WIDE, p.down[0], WIDE, 1, wide, x3);
    for (int i = 0; i < DIM; i++) for (int b = 0; b < n; b++) x3[i][b] += x2[i][b];
    weigh(n, VOCAB + 1, DIM, p.head[0], DIM, 1, x3, logits);
    double loss = cross_entropy(n, count, logits, text + 1);

    outer(count, VOCAB + 1, DIM, logits, x3, g.head[0]);
    weigh(n, DIM, VOCAB, p.head[0], 1, DIM, logits, d0); /* d0: of x3, then of x2, at last of x1 */
    outer(count, DIM, WIDE, d0, wide, g.down[0]);
    weigh(n, WIDE, DIM, p.down[0], 1, WIDE, d0, dwide);
    for (int i = 0; i < WIDE; i++) for (int b = 0; b < n; b++) dwide[i][b] = where(wide[i][b] > 0, dwide[i][b]);
    outer(count, WIDE, DIM, dwide, c, g.up[0]);
    weigh(n, DIM, WIDE, p.up[0], 1, DIM, dwide, d1);
    norm_back(n, x2, p.norm2, s2, d1, g.norm2, d0, 1);
    outer(count, DIM, DIM, d0, mixed, g.out[0]);
    weigh(n, DIM, DIM, p.out[0], 1, DIM, d0, d1);
    attend_back(n, count, qkv, &shares, d1, dqkv);
    outer(count, 3 * DIM, DIM, dqkv, a, g.qkv[0]);
    weigh(n, DIM, 3 * DIM, p.qkv[0], 1, DIM, dqkv, d1);
    norm_back(n, x1, p.norm1, s1, d1, g.norm1, d0, 1);
    norm_back(n, x0, p.norm, s0, d0, g.norm, d2, 0);
    memset(&g, 0, offsetof(Parameters, norm));
    for (int t = 0; t < count; t++)
        for (int i = 0; i < DIM; i++) {
            double d = ((double *)d2[i])[t];
            g.token[text[t]][i] += d;
            g.place[t][i] = d;
        }
    adam(rate);
    return loss;
}

static double one(const int *text, int count, double rate) {
    switch ((count + LANES - 1) / LANES) {
        case 1: return step(1, count, text, rate);
        case 2: return step(2, count, text, rate);
        case 3: return step(FITTING(3), count, text, rate);
        default: return step(FITTING(4), count, text, rate);
    }
}

int main(int argc, char **argv) { /* epochs, rate; then 4,240 parameters, the number of texts, each a length and tokens */
    int epochs = atoi(argv[1]), texts;
    double rate = atof(argv[2]), loss = 0;
    for (int i = 0; i < COUNT; i++) if (scanf("%lf", (double *)&p + i) != 1) return 1;
    if (scanf("%d", &texts) != 1) return 1;
    int (*text)[BLOCK + 1] = calloc(texts, sizeof *text), *length = calloc(texts, sizeof *length);
    for (int k = 0; k < texts; k++) {
        if (scanf("%d", &length[k]) != 1 || length[k] < 2 || length[k] > BLOCK + 1) return 1;
        for (int t = 0; t < length[k]; t++) if (scanf("%d", &text[k][t]) != 1) return 1;
    }
    clock_t begin = clock();
    for (int k = 0; k < epochs * texts; k++) loss = one(text[k % texts], length[k % texts] - 1, rate);
    printf("%.17g %.17g\n", (double)(clock() - begin) / CLOCKS_PER_SEC / (epochs * texts) * 1e6, loss);
    for (int i = 0; i < COUNT; i++) printf("%.17g\n", ((double *)&p)[i]);
    return 0;
}
