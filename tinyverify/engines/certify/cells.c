/* Single cells of the code lattice, near a decision boundary or all of them: the int8 program is evaluated exactly,
 * with the same inline functions as the kernels, and the float32 network is bounded by the planes of the leaf (int64).
 * A leaf's planes: `plane . u > above` means a positive value, `plane . u < below` a negative one; u in 1/256 codes.
 * Only volumes of parts of a cell use floating point, with a margin that covers its rounding (see under()). */
#include <stdint.h>

#include "tv_scale_accumulator.h"

#define MAX_DIM 6
#define MAX_HIDDEN 1024
#define GRID 256
#define SHARE_BITS 20
#define MARGIN 1e-6

/* Axes and hidden units; weight [dim][hidden], bias, multiplier, shift [hidden]; row [hidden] and row_const: what is
 * summed of the hidden codes counted from 0. */
typedef struct {
    int32_t dim, hidden, rounding, row_const;
    const int32_t *weight, *bias, *multiplier, *shift, *row;
    const int32_t *code_low, *code_high;
    const int64_t *edge_low, *edge_high;
} network;

typedef struct {
    int64_t low[MAX_DIM], high[MAX_DIM]; /* of u */
    int64_t least, most;                 /* of plane . u */
    uint64_t volume;
} cell;

/* Sum over subsets S of part[0..m) of (-1)^|S| * max(0, rest - sum of S)^m. */
static inline double alternating(const double *part, double rest, const int32_t m)
{
    double left[1 << MAX_DIM], sign[1 << MAX_DIM], total = 0;

    left[0] = rest;
    sign[0] = 1;
    for (int32_t i = 0; i < m; i++) {
        for (int32_t set = 0; set < 1 << i; set++) {
            left[set + (1 << i)] = left[set] - part[i];
            sign[set + (1 << i)] = -sign[set];
        }
    }
    for (int32_t set = 0; set < 1 << m; set++) {
        const double base = left[set] < 0 ? 0 : left[set];
        double power = sign[set];

        for (int32_t i = 0; i < m; i++) {
            power *= base;
        }
        total += power;
    }
    return total;
}

/* A bound on the share of x in [0, 1]^m with sum step[i] * x[i] <= tau, 0 < tau < sum step (see volume.py): from above
 * if `over`, else from below. Steps below 1/64 of the sum are taken out and charged to tau. Each of the 2^m terms is at
 * most 1 with an error below 32 * 2^-53, and the divisor m! * prod step at least 720 * 64^-5 * (1/6) for m = 6, the
 * worst: the error stays under 3e-7. */
static double under(const int64_t *step, int32_t dim, double sum, int64_t tau, int over)
{
    double part[MAX_DIM], rest = (double)tau / sum, scale = 1, total;
    int32_t m = 0;

    for (int32_t i = 0; i < dim; i++) {
        const double share = (double)step[i] / sum;

        if (share < 1.0 / 64) {
            rest -= over ? 0 : share;
        } else {
            part[m++] = share;
            scale *= share * m;
        }
    }
    switch (m) { /* a constant lets the loops unroll; the largest share is at least 1/6, so m > 0 */
    case 1:
        total = alternating(part, rest, 1);
        break;
    case 2:
        total = alternating(part, rest, 2);
        break;
    case 3:
        total = alternating(part, rest, 3);
        break;
    case 4:
        total = alternating(part, rest, 4);
        break;
    case 5:
        total = alternating(part, rest, 5);
        break;
    default:
        total = alternating(part, rest, 6);
        break;
    }
    return over ? total / scale + MARGIN : total / scale - MARGIN;
}

/* Lower bounds, in 2^-20, on the shares of a cell with plane . u < below and with plane . u > above. */
static void sides(const cell *c, const int64_t *plane, int32_t dim, int64_t below, int64_t above, int64_t out[2])
{
    int64_t step[MAX_DIM];
    const double sum = (double)(c->most - c->least);

    for (int32_t i = 0; i < dim; i++) {
        step[i] = (plane[i] < 0 ? -plane[i] : plane[i]) * (c->high[i] - c->low[i]);
    }
    if (below > c->most) {
        out[0] = 1 << SHARE_BITS;
    } else if (below <= c->least) {
        out[0] = 0;
    } else {
        const double low = under(step, dim, sum, below - c->least, 0);

        out[0] = low <= 0 ? 0 : (int64_t)((low < 1 ? low : 1) * (1 << SHARE_BITS));
    }
    if (above < c->least) {
        out[1] = 1 << SHARE_BITS;
    } else if (above >= c->most) {
        out[1] = 0;
    } else {
        const double high = under(step, dim, sum, above - c->least, 1);

        out[1] = high >= 1 ? 0 : (int64_t)((high > 0 ? 1 - high : 1) * (1 << SHARE_BITS));
    }
}

/* Adds axis i at code n to a cell's range of plane . u. */
static inline void extend(const network *net, const int64_t *plane, int32_t i, int32_t n, cell *c)
{
    int64_t first, second;

    c->low[i] = n == net->code_low[i] ? net->edge_low[i] : GRID * (int64_t)n - GRID / 2;
    c->high[i] = n == net->code_high[i] ? net->edge_high[i] : GRID * (int64_t)n + GRID / 2;
    first = plane[i] * c->low[i];
    second = plane[i] * c->high[i];
    c->least += first < second ? first : second;
    c->most += first < second ? second : first;
    c->volume *= (uint64_t)(c->high[i] - c->low[i]); /* 256^6 = 2^48 and a little at the edges */
}

/* The axes of codes n but for `skip`. */
static void place(const network *net, const int64_t *plane, const int32_t *n, int32_t skip, cell *c)
{
    c->least = c->most = 0;
    c->volume = 1;
    for (int32_t i = 0; i < net->dim; i++) {
        if (i != skip) {
            extend(net, plane, i, n[i], c);
        }
    }
}

/* row_const + sum row[j] * clamp(round(t[j]), 0, 255): |row| <= 510, so 1024 units stay inside int32.
 * `rounding` is a constant at each call, so that the loop has no branch and becomes vector instructions. */
static inline int32_t program(const network *net, const int32_t *base, const int32_t *step, int32_t at,
                              const tv_rounding rounding)
{
    const int32_t *const multiplier = net->multiplier, *const shift = net->shift, *const row = net->row;
    const int32_t hidden = net->hidden;
    int32_t sum = 0;

    for (int32_t j = 0; j < hidden; j++) {
        const int32_t scaled = tv_scale_accumulator(base[j] + step[j] * at, multiplier[j], shift[j], rounding);

        sum += row[j] * tv_clamp(scaled, 0, 255);
    }
    return sum + net->row_const;
}

static int32_t evaluate(const network *net, const int32_t *base, const int32_t *step, int32_t at)
{
    switch (net->rounding) {
    case TV_SINGLE_TIES_UP:
        return program(net, base, step, at, TV_SINGLE_TIES_UP);
    case TV_DOUBLE_TIES_AWAY:
        return program(net, base, step, at, TV_DOUBLE_TIES_AWAY);
    default:
        return program(net, base, step, at, TV_DOUBLE_TIES_UP);
    }
}

/* Accumulators [hidden] for codes n, without axis `skip`. */
static void accumulate(const network *net, const int32_t *n, int32_t skip, int32_t *base)
{
    for (int32_t j = 0; j < net->hidden; j++) {
        base[j] = net->bias[j];
    }
    for (int32_t i = 0; i < net->dim; i++) {
        if (i != skip) {
            for (int32_t j = 0; j < net->hidden; j++) {
                base[j] += net->weight[i * net->hidden + j] * n[i];
            }
        }
    }
}

static int32_t steepest(const network *net, const int64_t *plane)
{
    int32_t best = 0;

    for (int32_t i = 1; i < net->dim; i++) {
        const int64_t a = plane[i] < 0 ? -plane[i] : plane[i], b = plane[best] < 0 ? -plane[best] : plane[best];

        best = a > b ? i : best;
    }
    return best;
}

/* The next codes of the box but for axis `skip`; 0 when there are none. */
static int next_row(int32_t *n, const int32_t *low, const int32_t *high, int32_t dim, int32_t skip)
{
    for (int32_t i = 0; i < dim; i++) {
        if (i == skip) {
            continue;
        }
        if (n[i] < high[i]) {
            n[i]++;
            return 1;
        }
        n[i] = low[i];
    }
    return 0;
}

/* Of `count` leaves, the cells that meet the band [below, above]: every other cell is known to agree. Adds the volumes
 * (product of widths in 1/256, times 2^20) that agree, differ and stay undecided among them to sums[3], each as low and
 * high 64 bits. Up to `witnesses` codes of cells with a differing part go to `witness`. Returns the number of cells
 * evaluated; no leaf is begun after `limit` of them, and *done says how many leaves were. */
int64_t tv_cells_discrete(const network *net, int64_t count, const int32_t *low, const int32_t *high,
                          const int64_t *plane, const int64_t *below, const int64_t *above, const int64_t *float_below,
                          const int64_t *float_above, int64_t limit, int64_t *done, uint64_t *sums, int32_t *witness,
                          int64_t witnesses, int64_t *found)
{
    unsigned __int128 total[3] = {0, 0, 0};
    int64_t cells = 0, leaf = 0;
    int32_t base[MAX_HIDDEN], n[MAX_DIM];
    const int32_t dim = net->dim;

    *found = 0;
    for (; leaf < count && cells < limit; leaf++) {
        const int32_t *first = low + leaf * dim, *last = high + leaf * dim;
        const int64_t *p = plane + leaf * dim;
        const int32_t axis = steepest(net, p);
        const int32_t *step = net->weight + axis * net->hidden;

        for (int32_t i = 0; i < dim; i++) {
            n[i] = first[i];
        }
        do {
            int ready = 0;
            cell row;

            place(net, p, n, axis, &row);
            for (n[axis] = first[axis]; n[axis] <= last[axis]; n[axis]++) {
                int64_t side[2];
                int positive;
                cell c = row;

                extend(net, p, axis, n[axis], &c);
                if (c.least > above[leaf] || c.most < below[leaf]) {
                    continue;
                }
                if (!ready) {
                    accumulate(net, n, axis, base);
                    ready = 1;
                }
                cells++;
                sides(&c, p, dim, float_below[leaf], float_above[leaf], side);
                positive = evaluate(net, base, step, n[axis]) >= 0; /* equal: the first action */
                total[0] += (unsigned __int128)c.volume * (uint64_t)side[positive];
                total[1] += (unsigned __int128)c.volume * (uint64_t)side[!positive];
                total[2] += (unsigned __int128)c.volume * (uint64_t)((1 << SHARE_BITS) - side[0] - side[1]);
                if (side[!positive] > 0 && *found < witnesses) {
                    for (int32_t i = 0; i < dim; i++) {
                        witness[*found * dim + i] = n[i];
                    }
                    (*found)++;
                }
            }
            n[axis] = first[axis];
        } while (next_row(n, first, last, dim, axis));
    }
    for (int32_t i = 0; i < 3; i++) {
        sums[2 * i] = (uint64_t)total[i];
        sums[2 * i + 1] = (uint64_t)(total[i] >> 64);
    }
    *done = leaf;
    return cells;
}

/* All cells of `count` leaves of a continuous policy. plane . u + [least, most][leaf] holds the float32 mean, in
 * 2^-unit_bits; tanh_low, tanh_high [2 * reach + 1]: bounds on the float action at (k - reach) * 2^-grid_bits;
 * action [256]: the int8 action of each mean code plus 128; head: multiplier, shift, zero point. Actions are integers
 * in one unit. Adds each cell's volume to histogram[difference / bin] and returns the largest difference. */
int64_t tv_cells_continuous(const network *net, int64_t count, const int32_t *low, const int32_t *high,
                            const int64_t *plane, const int64_t *least, const int64_t *most, int32_t unit_bits,
                            int32_t grid_bits, int64_t reach, const int64_t *tanh_low, const int64_t *tanh_high,
                            const int64_t *action, const int32_t *head, int64_t bin, int64_t bins, uint64_t *histogram)
{
    int64_t worst = 0;
    int32_t base[MAX_HIDDEN], n[MAX_DIM];
    const int32_t dim = net->dim;

    for (int64_t leaf = 0; leaf < count; leaf++) {
        const int32_t *first = low + leaf * dim, *last = high + leaf * dim;
        const int64_t *p = plane + leaf * dim;
        const int32_t *step = net->weight;

        for (int32_t i = 0; i < dim; i++) {
            n[i] = first[i];
        }
        do {
            cell row;

            accumulate(net, n, 0, base);
            place(net, p, n, 0, &row);
            for (n[0] = first[0]; n[0] <= last[0]; n[0]++) {
                const int32_t acc = evaluate(net, base, step, n[0]);
                const int32_t code =
                    tv_requantize_one(acc, head[0], head[1], head[2], -128, 127, (tv_rounding)net->rounding);
                int64_t from, to, over, under_by, difference;
                cell c = row;

                extend(net, p, 0, n[0], &c);
                from = ((c.least + least[leaf]) >> (unit_bits - grid_bits)) + reach;
                to = ((c.most + most[leaf]) >> (unit_bits - grid_bits)) + 1 + reach;
                from = from < 0 ? -1 : from > 2 * reach ? 2 * reach : from;
                to = to > 2 * reach ? 2 * reach + 1 : to < 0 ? 0 : to;
                /* Entries -1 and 2 reach + 1 are the bounds of tanh itself: both tables are padded by one. */
                over = action[code + 128] - tanh_low[from + 1];
                under_by = tanh_high[to + 1] - action[code + 128];
                difference = over > under_by ? over : under_by;
                difference = difference < 0 ? 0 : difference;
                worst = difference > worst ? difference : worst;
                difference /= bin;
                histogram[difference < bins ? difference : bins - 1] += c.volume; /* 2^48 in total for three axes */
            }
            n[0] = first[0];
        } while (next_row(n, first, last, dim, 0));
    }
    return worst;
}
