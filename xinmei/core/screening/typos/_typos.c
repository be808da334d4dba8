/* The inner loop of the typo model: the same arithmetic as scorer.py, whole numbers and plain IEEE doubles only, so that both give the same
 * hits on every machine. See docs/typo-model.md for what the numbers mean. Needs Python 3.11's stable ABI and nothing else. */
#define PY_SSIZE_T_CLEAN
#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>
#include "../weigher.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CJK_FIRST = 0x3400, CJK_LAST = 0x9FFF, SHIFT = 16, SIZE = CJK_LAST - CJK_FIRST + 1 + SHIFT };
enum { SKIP, STOP, COMMA, LISTING, BRACKET, DIGITS, LETTERS };
enum { ORDER = 5, REACH = ORDER - 1, WIDE = 2, SPAN = WIDE + 2 * REACH, FEATURES = 68 };
enum { SAME_TONE, SAME_SYLLABLE, NEAR_SYLLABLE, LOOK_ALIKE, WORD_SAME, WORD_NEAR, SWAPPED };

/* name cues by character */
enum { SURNAME = 1, FOREIGN = 2, PLACE = 4, NUMERAL = 8, COUNTRY = 16, PARTNER = 32 };

typedef struct {
    uint32_t bits, segments;
    const void *cells;
} Filter;

typedef struct {
    const double *levels, *discounts, *back_f, *back_b;
    const int32_t *log2, *setup, *trees;
    const uint8_t *unigram, *flags, *pair_known, *steps;
    const uint16_t *plain;
    Filter ngrams, lexicon;
    const uint16_t *readings, *syllable_chars, *fuzzy, *fuzzy_syllables, *shapes, *words;
    const uint32_t *syllable_at, *fuzzy_at, *shape_at, *pairs, *word_keys;
    uint32_t n_pairs, n_words;
} Model;

typedef struct {
    int32_t start, size, kind, score;
    uint16_t better[WIDE];
    int32_t f[FEATURES];
} Finding;

typedef struct {
    const Model *m;
    const uint16_t *x;
    int n;
    uint8_t *level[ORDER + 1];
    int32_t *forward, *backward;
    uint8_t *marked; /* a quotation or title mark stands before it */
    Finding *found;
    int count, room;
} Work;

/* setup: what training decided */
enum { GATE, MINIMUM, PRIORS, LISTED = PRIORS + 6 };

static uint64_t mix(uint64_t hash, uint32_t symbol) {
    hash = (hash + symbol + 1) * 0x9E3779B97F4A7C15u;
    return hash ^ (hash >> 29);
}

/* The three cells of a binary fuse filter whose values, xored, are the value under a key. */
typedef struct {
    uint32_t a, b, c;
} Cells;

static Cells cells_of(const Filter *filter, uint64_t hash) {
    uint32_t length = 1u << filter->bits, mask = length - 1;
    uint32_t a = (uint32_t)(((unsigned __int128)hash * ((uint64_t)filter->segments << filter->bits)) >> 64);
    return (Cells){a, (a + length) ^ ((uint32_t)(hash >> 18) & mask), (a + 2 * length) ^ ((uint32_t)hash & mask)};
}

/* A cell of 12 bits: two lie in three bytes. */
static uint32_t narrow(const uint8_t *cells, uint32_t at) {
    const uint8_t *p = cells + (at >> 1) * 3 + (at & 1);
    return at & 1 ? (uint32_t)(p[0] >> 4 | p[1] << 4) : (uint32_t)(p[0] | (p[1] & 15) << 8);
}

static uint32_t print_of(uint64_t hash) { return (uint32_t)((hash ^ (hash >> 32)) * 0x85EBCA6Bu) >> 22; }

/* How often a window was seen. A cell is eight bits that tell keys apart, and one of sixteen steps of levels. */
static uint8_t level_of(const Model *m, const uint16_t *at, int size) {
    uint64_t hash = 0;
    for (int k = 0; k < size; k++) hash = mix(hash, at[k]);
    Cells place = cells_of(&m->ngrams, hash);
    const uint8_t *cells = m->ngrams.cells;
    uint32_t cell = narrow(cells, place.a) ^ narrow(cells, place.b) ^ narrow(cells, place.c);
    return cell >> 4 == print_of(hash) >> 2 ? m->steps[cell & 15] : 0;
}

static int is_word(const Model *m, const uint16_t *at, int size) {
    uint64_t hash = 0;
    for (int k = 0; k < size; k++) hash = mix(hash, at[k]);
    Cells place = cells_of(&m->lexicon, hash);
    const uint8_t *cells = m->lexicon.cells;
    return (uint32_t)(cells[place.a] ^ cells[place.b] ^ cells[place.c]) == print_of(hash) >> 2;
}

/* 256 * log2 of a positive double, by table: no libm, so no machine differs. */
static int32_t log_of(const Model *m, double value) {
    uint64_t raw;
    memcpy(&raw, &value, 8);
    return ((int32_t)(raw >> 52) - 1023) * 256 + m->log2[(raw >> 42) & 1023];
}

static double base_of(const Model *m, uint8_t level) { return (level ? m->levels[level] : 0.5) / m->levels[63]; }

/* log2 P(symbol at j | the four before it); level[k][j] is for the window of k symbols that starts at j, of `n` symbols. */
static int32_t ahead(const Model *m, uint8_t *const level[], int j) {
    double p = base_of(m, level[1][j]);
    for (int k = 2; k <= ORDER && j - k + 1 >= 0; k++) {
        uint8_t context = level[k - 1][j - k + 1], whole = level[k][j - k + 1];
        if (!context) break;
        double seen = whole ? m->levels[whole] - m->discounts[k] : 0.0;
        volatile double rest = m->back_f[k * 64 + context] * p; /* volatile: never fused with the sum */
        p = (seen > 0.0 ? seen / m->levels[context] : 0.0) + rest;
    }
    return log_of(m, p);
}

/* log2 P(symbol at j | the four after it). */
static int32_t behind(const Model *m, uint8_t *const level[], int j, int n) {
    double p = base_of(m, level[1][j]);
    for (int k = 2; k <= ORDER && j + k <= n; k++) {
        uint8_t context = level[k - 1][j + 1], whole = level[k][j];
        if (!context) break;
        double seen = whole ? m->levels[whole] - m->discounts[k] : 0.0;
        volatile double rest = m->back_b[k * 64 + context] * p; /* volatile: never fused with the sum */
        p = (seen > 0.0 ? seen / m->levels[context] : 0.0) + rest;
    }
    return log_of(m, p);
}

/* Levels of all windows of x that touch [from, to); shorter windows must have been counted, a window with a stop inside counts nothing. */
static void count(const Model *m, const uint16_t *x, int n, uint8_t *const level[], int from, int to) {
    for (int j = from; j < to; j++) level[1][j] = m->unigram[x[j]];
    for (int k = 2; k <= ORDER; k++) {
        int first = from - k + 1 < 0 ? 0 : from - k + 1, last = to < n - k + 1 ? to : n - k + 1;
        for (int j = first; j < last; j++) {
            uint8_t left = level[k - 1][j], right = level[k - 1][j + 1], most = left < right ? left : right, got = 0;
            if (most && !(k > 2 && (x[j + 1] == STOP || x[j + k - 2] == STOP))) got = level_of(m, x + j, k);
            level[k][j] = got < most ? got : most;
        }
    }
}

typedef struct {
    int from, size, at, span; /* the region in x, and where the span starts in it */
    uint16_t y[SPAN];
    uint8_t rows[ORDER + 1][SPAN];
    uint8_t *level[ORDER + 1];
    int32_t forward, backward; /* sums over what the span touches */
} Region;

static void open_region(const Work *w, Region *r, int at, int span) {
    r->from = at - REACH < 0 ? 0 : at - REACH;
    int to = at + span + REACH > w->n ? w->n : at + span + REACH;
    r->size = to - r->from, r->at = at - r->from, r->span = span;
    memcpy(r->y, w->x + r->from, (size_t)r->size * sizeof(uint16_t));
    for (int k = 1; k <= ORDER; k++) {
        r->level[k] = r->rows[k];
        for (int j = 0; j < r->size; j++) r->rows[k][j] = j + k <= r->size ? w->level[k][r->from + j] : 0;
    }
}

static void weigh(const Work *w, Region *r) {
    r->forward = r->backward = 0;
    for (int j = r->at; j < r->size; j++) {
        /* the region is cut REACH before the span, so no context of a symbol from the span on is cut */
        r->forward += ahead(w->m, r->level, j);
    }
    for (int j = 0; j < r->at + r->span; j++) r->backward += behind(w->m, r->level, j, r->size);
}

static int reading_kind(const Model *m, uint16_t right, uint16_t wrong, int kind) {
    const uint16_t *a = m->readings + 3 * right, *b = m->readings + 3 * wrong;
    for (int i = 0; i < 3 && a[i]; i++)
        for (int j = 0; j < 3 && b[j]; j++) {
            if (a[i] == b[j]) return SAME_TONE;
            if (a[i] >> 3 == b[j] >> 3 && kind > SAME_SYLLABLE) kind = SAME_SYLLABLE;
            else if (m->fuzzy[a[i] >> 3] == m->fuzzy[b[j] >> 3] && kind > NEAR_SYLLABLE) kind = NEAR_SYLLABLE;
        }
    return kind;
}

/* Where known confusions from `key` (wrong << 16 | right) on begin. */
static uint32_t first_pair(const Model *m, uint32_t key) {
    uint32_t low = 0, high = m->n_pairs;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (m->pairs[middle] < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* What is known of a confusion: 1 when it is in lists of wrong words, and 2 for each time it was seen as a typing error. */
static int known_confusion(const Model *m, uint16_t wrong, uint16_t right) {
    uint32_t key = (uint32_t)wrong << 16 | right, at = first_pair(m, key);
    return at < m->n_pairs && m->pairs[at] == key ? m->pair_known[at] : 0;
}

static int looks_like(const Model *m, uint16_t wrong, uint16_t right) {
    for (uint32_t s = m->shape_at[wrong]; s < m->shape_at[wrong + 1]; s++)
        if (m->shapes[s] == right) return 1;
    return 0;
}

static int longest_word(const Model *m, const uint16_t *x, int n, int at) {
    for (int size = 4; size > 1; size--)
        for (int j = at - size + 1 < 0 ? 0 : at - size + 1; j <= at && j + size <= n; j++) {
            int whole = 1;
            for (int k = 0; k < size; k++) whole &= x[j + k] >= SHIFT;
            if (whole && is_word(m, x + j, size)) return size;
        }
    return 1;
}

static int longest_seen(uint8_t *const level[], int n, int at, int span, int *strength) {
    for (int k = ORDER; k > 1; k--) {
        int best = 0;
        for (int j = at + span - k < 0 ? 0 : at + span - k; j <= at && j + k <= n; j++)
            if (k > span && level[k][j] > best) best = level[k][j];
        if (best) return *strength = best, k;
    }
    *strength = level[1][at];
    return 1;
}

static int pick(uint8_t *const level[], int k, int j, int n) { return j < 0 || j + k > n ? 0 : level[k][j]; }

/* How much oftener two neighbours meet than chance: 256 * log2, 0 when they never do. */
static int32_t closeness(const Model *m, uint8_t *const level[], int j, int n) {
    if (j < 0 || j + 2 > n || !level[2][j]) return 0;
    double together = m->levels[level[2][j]] * m->levels[63];
    return log_of(m, together / (m->levels[level[1][j]] * m->levels[level[1][j + 1]])) + 2560;
}

static int all_words(const Model *m, const uint16_t *x, int n, int j, int size) {
    if (j < 0 || j + size > n) return 0;
    for (int k = 0; k < size; k++)
        if (x[j + k] < SHIFT) return 0;
    return is_word(m, x + j, size);
}

static int class_at(const Work *w, int j) { return j < 0 || j >= w->n ? STOP : w->x[j] < SHIFT ? w->x[j] : SHIFT; }

/* The likeliest way to cut a region into words: how likely it is, and how many characters stand alone in it. */
enum { LONGEST = 4, ALONE = 512, SENTENCE = 100, NOWHERE = -(1 << 28) };

typedef struct {
    int32_t weight;
    int alone;
} Cut;

static int32_t word_weight(const Model *m, const Region *r, int j, int size, int previous) {
    double p = base_of(m, r->level[size][j]);
    uint8_t context = previous && size + previous <= ORDER ? r->level[previous][j - previous] : 0;
    if (context) {
        uint8_t whole = r->level[size + previous][j - previous];
        double seen = whole ? m->levels[whole] - 0.5 : 0.0;
        volatile double rest = 0.4 * p; /* volatile: never fused with the sum */
        p = (seen > 0.0 ? seen / m->levels[context] : 0.0) + rest;
    }
    return log_of(m, p) - (size == 1 && r->y[j] >= SHIFT ? ALONE : 0);
}

static Cut cut(const Model *m, const Region *r) {
    int32_t best[SPAN + 1][LONGEST + 1];
    uint8_t before[SPAN + 1][LONGEST + 1];
    for (int j = 0; j <= r->size; j++)
        for (int k = 0; k <= LONGEST; k++) best[j][k] = NOWHERE;
    best[0][0] = 0;
    for (int j = 0; j < r->size; j++)
        for (int size = 1; size <= LONGEST && j + size <= r->size; size++) {
            if (size > 1 && !all_words(m, r->y, r->size, j, size)) continue;
            for (int k = 0; k <= LONGEST; k++) {
                if (best[j][k] == NOWHERE) continue;
                int32_t weight = best[j][k] + word_weight(m, r, j, size, k);
                if (weight > best[j + size][size]) best[j + size][size] = weight, before[j + size][size] = (uint8_t)k;
            }
        }
    int j = r->size, size = 1;
    for (int k = 2; k <= LONGEST; k++)
        if (best[j][k] > best[j][size]) size = k;
    Cut found = {best[j][size], 0};
    while (j > 0) {
        int previous = before[j][size];
        found.alone += size == 1;
        j -= size, size = previous;
    }
    return found;
}

/* The sentence around the span: how long it is, what else in it is improbable, and whether what stands here stands there too. */
static void look_around(const Work *w, int at, int end, int32_t *f) {
    const Model *m = w->m;
    int from = at, to = end, odd = 0, very_odd = 0, words = 0, again = 0;
    long long known = 0;
    while (from > 0 && at - from < SENTENCE && w->x[from - 1] != STOP) from--;
    while (to < w->n && to - end < SENTENCE && w->x[to] != STOP) to++;
    for (int j = from; j < to; j++) {
        if (w->x[j] < SHIFT || (j >= at - REACH && j < end + REACH)) continue;
        int32_t total = w->forward[j] + w->backward[j];
        words++, known += total, odd += total < m->setup[GATE], very_odd += total < 2 * m->setup[GATE];
    }
    for (int j = from; j + 1 < to; j++) {
        if (at > 0 && w->x[at - 1] >= SHIFT && j != at - 1) again |= w->x[j] == w->x[at - 1] && w->x[j + 1] == w->x[at];
        if (at + 1 < w->n && w->x[at + 1] >= SHIFT && j != at) again |= (w->x[j] == w->x[at] && w->x[j + 1] == w->x[at + 1]) << 1;
    }
    *f++ = to - from;
    *f++ = odd;
    *f++ = very_odd;
    *f++ = words ? (int32_t)(known / words) : 0;
    *f++ = again;
}

static void describe(const Work *w, Finding *found, Region *plain, Region *better, int runner_up) {
    const Model *m = w->m;
    int at = found->start, span = found->size, n = 0, strength;
    int32_t *f = found->f;
    f[n++] = found->kind;
    f[n++] = better->forward - plain->forward;
    f[n++] = better->backward - plain->backward;
    f[n++] = runner_up;
    f[n++] = w->forward[at];
    f[n++] = w->backward[at + span - 1];
    f[n++] = plain->forward;
    f[n++] = plain->backward;
    f[n++] = better->forward;
    f[n++] = better->backward;
    Region *both[2] = {plain, better};
    for (int t = 0; t < 2; t++) {
        Region *r = both[t];
        int a = r->at, z = a + span - 1;
        f[n++] = pick(r->level, 3, a - 2, r->size);
        f[n++] = pick(r->level, span + 1, a - 1, r->size);
        f[n++] = pick(r->level, span + 1, a, r->size);
        f[n++] = pick(r->level, 3, z, r->size);
        f[n++] = pick(r->level, span + 2, a - 1, r->size);
        f[n++] = longest_seen(r->level, r->size, a, span, &strength);
        f[n++] = strength;
        f[n++] = r->level[1][a];
        f[n++] = longest_word(m, r->y, r->size, a);
        f[n++] = longest_word(m, r->y, r->size, z);
        f[n++] = all_words(m, r->y, r->size, a - 1, 2) | all_words(m, r->y, r->size, z, 2) << 1 | all_words(m, r->y, r->size, a, 2) << 2;
        f[n++] = closeness(m, r->level, a - 1, r->size);
        f[n++] = closeness(m, r->level, z, r->size);
    }
    f[n++] = closeness(m, plain->level, plain->at - 2, plain->size);
    f[n++] = closeness(m, plain->level, plain->at + span, plain->size);
    f[n++] = span == 2 ? closeness(m, plain->level, plain->at, plain->size) : 0;
    f[n++] = span == 2 ? closeness(m, better->level, better->at, better->size) : 0;
    f[n++] = span == 2 ? better->level[2][better->at] : 0;
    int odd = 0, foreign = 0, known = 0, words = 0;
    for (int j = at - 7; j < at + span + 7; j++) {
        if (j < 0 || j >= w->n || (j >= at && j < at + span) || w->x[j] < SHIFT) continue;
        words++;
        known += w->forward[j] + w->backward[j];
        odd += w->forward[j] + w->backward[j] < m->setup[GATE];
        if (j >= at - 3 && j < at + span + 3) foreign += (m->flags[w->x[j]] & FOREIGN) / FOREIGN;
    }
    f[n++] = odd;
    f[n++] = words ? known / words : 0;
    f[n++] = foreign;
    int surname = 0;
    for (int d = 3; d > 0; d--)
        if (at - d >= 0 && m->flags[w->x[at - d]] & SURNAME) surname = d;
    f[n++] = surname;
    int own = m->flags[w->x[at]], own_end = m->flags[w->x[at + span - 1]], new = m->flags[found->better[0]];
    int before = at > 0 ? m->flags[w->x[at - 1]] : 0, after = at + span < w->n ? m->flags[w->x[at + span]] : 0;
    f[n++] = own & SURNAME;
    f[n++] = ((own | own_end) & COUNTRY) / COUNTRY + (before & COUNTRY) / COUNTRY * 2 + (after & COUNTRY) / COUNTRY * 4;
    f[n++] = (own & NUMERAL) / NUMERAL + (new & NUMERAL) / NUMERAL * 2 + (before & NUMERAL) / NUMERAL * 4;
    f[n++] = (own & FOREIGN) / FOREIGN + (own_end & FOREIGN) / FOREIGN + (before & FOREIGN) / FOREIGN + (after & FOREIGN) / FOREIGN;
    f[n++] = (own & PLACE) / PLACE + (after & PLACE) / PLACE * 2;
    f[n++] = class_at(w, at - 1);
    f[n++] = class_at(w, at + span);
    f[n++] = w->marked[at] | (at + span < w->n ? w->marked[at + span] : 0) << 1;
    f[n++] = known_confusion(m, w->x[at], found->better[0]) + (span == 2 ? known_confusion(m, w->x[at + 1], found->better[1]) & ~1 : 0);
    f[n++] = at > 0 ? w->forward[at - 1] + w->backward[at - 1] : 0;
    f[n++] = at + span < w->n ? w->forward[at + span] + w->backward[at + span] : 0;
    Cut now = cut(m, plain), then = cut(m, better);
    f[n++] = then.weight - now.weight;
    f[n++] = now.alone - then.alone;
    f[n++] = ahead(m, better->level, better->at);
    f[n++] = behind(m, better->level, better->at + span - 1, better->size);
    f[n++] = pick(plain->level, 3, plain->at - 3, plain->size);
    f[n++] = pick(plain->level, 3, plain->at + span, plain->size);
    f[n++] = (own & COUNTRY) / COUNTRY * (1 + (before & PARTNER) / PARTNER + (after & PARTNER) / PARTNER * 2);
    look_around(w, at, at + span, f + n);
}

static int32_t grade(const Model *m, const int32_t *f) {
    /* trees: count, then roots, then nodes of four numbers: feature (-1: leaf), threshold or value, left, right */
    const int32_t *roots = m->trees + 1, *nodes = roots + m->trees[0];
    int32_t sum = 0;
    for (int t = 0; t < m->trees[0]; t++) {
        const int32_t *node = nodes + 4 * roots[t];
        while (node[0] >= 0) node = nodes + 4 * (f[node[0]] <= node[1] ? node[2] : node[3]);
        sum += node[1];
    }
    return sum;
}

typedef struct {
    int32_t rank, second;
    int kind;
    uint16_t better[WIDE];
} Best;

static void offer(Best *best, int32_t rank, int kind, uint16_t first, uint16_t other) {
    if (rank > best->rank) {
        best->second = best->rank, best->rank = rank, best->kind = kind;
        best->better[0] = first, best->better[1] = other;
    } else if (rank > best->second) best->second = rank;
}

static void try_one(const Work *w, Region *plain, Region *r, Best *best, int kind, uint16_t first, uint16_t other) {
    const Model *m = w->m;
    int a = plain->at;
    if (m->flags[first] & m->flags[w->x[plain->from + a]] & NUMERAL) return; /* 二 for 三 is for people to know */
    r->y[a] = first;
    if (r->span == 2) r->y[a + 1] = other;
    else {
        uint16_t left[2] = {a > 0 ? r->y[a - 1] : STOP, first}, right[2] = {first, a + 1 < r->size ? r->y[a + 1] : STOP};
        int seen = (a > 0 && left[0] >= SHIFT && level_of(m, left, 2)) || (right[1] >= SHIFT && a + 1 < r->size && level_of(m, right, 2));
        if (!seen) return;
    }
    count(m, r->y, r->size, r->level, a, a + r->span);
    weigh(w, r);
    int32_t rank = r->forward - plain->forward + r->backward - plain->backward + m->setup[PRIORS + (kind < SWAPPED ? kind : WORD_NEAR)];
    if (r->span == 1 && known_confusion(m, w->x[plain->from + a], first) & 1) rank += m->setup[LISTED];
    offer(best, rank, kind, first, other);
}

static int keep(Work *w, int at, int span, Best *best, Region *plain, Region *r) {
    if (best->rank < w->m->setup[MINIMUM]) return 1;
    if (w->count == w->room) {
        int room = w->room ? 2 * w->room : 16;
        Finding *more = realloc(w->found, (size_t)room * sizeof(Finding));
        if (!more) return 0;
        w->found = more, w->room = room;
    }
    Finding *found = w->found + w->count++;
    *found = (Finding){0};
    found->start = at, found->size = span, found->kind = best->kind;
    r->y[r->at] = found->better[0] = best->better[0];
    if (span == 2) r->y[r->at + 1] = found->better[1] = best->better[1];
    count(w->m, r->y, r->size, r->level, r->at, r->at + span);
    weigh(w, r);
    describe(w, found, plain, r, best->rank - best->second);
    found->score = grade(w->m, found->f);
    return 1;
}

static int look_at_character(Work *w, int at) {
    const Model *m = w->m;
    uint16_t wrong = w->x[at];
    Region plain, r;
    open_region(w, &plain, at, 1);
    weigh(w, &plain);
    open_region(w, &r, at, 1);
    Best best = {-(1 << 24), -(1 << 24), 0, {0, 0}};
    uint16_t done[16];
    int n_done = 0;
    for (int i = 0; i < 3 && m->readings[3 * wrong + i]; i++) {
        uint16_t group = m->fuzzy[m->readings[3 * wrong + i] >> 3];
        int again = 0;
        for (int d = 0; d < n_done; d++) again |= done[d] == group;
        if (again) continue;
        done[n_done++] = group;
        for (uint32_t s = m->fuzzy_at[group]; s < m->fuzzy_at[group + 1]; s++) {
            uint16_t syllable = m->fuzzy_syllables[s];
            for (uint32_t c = m->syllable_at[syllable]; c < m->syllable_at[syllable + 1]; c++) {
                uint16_t right = m->syllable_chars[c];
                if (right != wrong) try_one(w, &plain, &r, &best, reading_kind(m, right, wrong, NEAR_SYLLABLE), right, 0);
            }
        }
    }
    for (uint32_t s = m->shape_at[wrong]; s < m->shape_at[wrong + 1]; s++) {
        uint16_t right = m->shapes[s];
        if (reading_kind(m, right, wrong, LOOK_ALIKE) == LOOK_ALIKE) try_one(w, &plain, &r, &best, LOOK_ALIKE, right, 0);
    }
    uint32_t p = first_pair(m, (uint32_t)wrong << 16);
    for (; p < m->n_pairs && m->pairs[p] >> 16 == wrong; p++) {
        uint16_t right = (uint16_t)m->pairs[p];
        if (reading_kind(m, right, wrong, LOOK_ALIKE) == LOOK_ALIKE && !looks_like(m, wrong, right)) try_one(w, &plain, &r, &best, LOOK_ALIKE, right, 0);
    }
    return keep(w, at, 1, &best, &plain, &r);
}

static int look_at_word(Work *w, int at) {
    const Model *m = w->m;
    const uint16_t *a = m->readings + 3 * w->x[at], *b = m->readings + 3 * w->x[at + 1];
    Region plain, r;
    open_region(w, &plain, at, 2);
    weigh(w, &plain);
    open_region(w, &r, at, 2);
    Best best = {-(1 << 24), -(1 << 24), 0, {0, 0}};
    uint32_t done[9];
    int n_done = 0;
    for (int i = 0; i < 3 && a[i]; i++)
        for (int j = 0; j < 3 && b[j]; j++) {
            uint32_t key = (uint32_t)m->fuzzy[a[i] >> 3] << 16 | m->fuzzy[b[j] >> 3], low = 0, high = m->n_words;
            int again = 0;
            for (int d = 0; d < n_done; d++) again |= done[d] == key;
            if (again) continue;
            done[n_done++] = key;
            while (low < high) {
                uint32_t middle = (low + high) / 2;
                if (m->word_keys[middle] < key) low = middle + 1;
                else high = middle;
            }
            for (; low < m->n_words && m->word_keys[low] == key; low++) {
                uint16_t first = m->words[2 * low], other = m->words[2 * low + 1];
                if (first == w->x[at] || other == w->x[at + 1]) continue;
                int near = reading_kind(m, first, w->x[at], LOOK_ALIKE) > SAME_SYLLABLE || reading_kind(m, other, w->x[at + 1], LOOK_ALIKE) > SAME_SYLLABLE;
                try_one(w, &plain, &r, &best, near ? WORD_NEAR : WORD_SAME, first, other);
            }
        }
    uint16_t turned[2] = {w->x[at + 1], w->x[at]};
    if (turned[0] != turned[1] && level_of(m, turned, 2)) try_one(w, &plain, &r, &best, SWAPPED, turned[0], turned[1]);
    return keep(w, at, 2, &best, &plain, &r);
}

static uint16_t class_of(Py_UCS4 c) {
    if (c >= CJK_FIRST && c <= CJK_LAST) return (uint16_t)(c - CJK_FIRST + SHIFT);
    if ((c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19)) return DIGITS;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xFF41 && c <= 0xFF5A) || (c >= 0xFF21 && c <= 0xFF3A)) return LETTERS;
    switch (c) {
    case 0x201C: case 0x201D: case 0x2018: case 0x2019: case '"': case '\'': case '`': case 0x300C: case 0x300D: case 0x300E: case 0x300F:
    case 0x300A: case 0x300B: case 0x3008: case 0x3009: case ' ': case '\t': case 0x3000: case 0xA0: case 0x200B: case 0x200C: case 0x200D: case 0xFEFF:
        return SKIP;
    case 0xFF0C: case ',':
        return COMMA;
    case 0x3001: case 0xB7: case 0x2022: case 0x30FB:
        return LISTING;
    case 0xFF08: case 0xFF09: case '(': case ')': case '[': case ']': case 0x3010: case 0x3011: case 0x3014: case 0x3015: case 0xFF3B: case 0xFF3D:
        return BRACKET;
    }
    return STOP;
}

/* All findings of one text; 0 when memory ran out. */
static int work_through(Work *w) {
    const Model *m = w->m;
    int before = 0;
    for (int j = 0; j < w->n; j++) {
        int odd = w->x[j] >= SHIFT && w->forward[j] + w->backward[j] < m->setup[GATE];
        if (odd && !look_at_character(w, j)) return 0;
        if ((odd || before) && j > 0 && w->x[j] >= SHIFT && w->x[j - 1] >= SHIFT && !w->marked[j] && !look_at_word(w, j - 1)) return 0;
        before = odd;
    }
    return 1;
}

static int section(const char *base, Py_ssize_t size, const char *name, const void **at, uint32_t *length) {
    uint32_t n;
    if (size < 12 || memcmp(base, "XMTYPO1", 8)) return 0;
    memcpy(&n, base + 8, 4);
    for (uint32_t i = 0; i < n && 12 + 16 * (Py_ssize_t)(i + 1) <= size; i++) {
        const char *entry = base + 12 + 16 * i;
        uint32_t place[2];
        memcpy(place, entry + 8, 8);
        if (!strncmp(entry, name, 8) && (Py_ssize_t)place[0] + (Py_ssize_t)place[1] <= size) return *at = base + place[0], *length = place[1], 1;
    }
    return 0;
}

static int filter(Filter *f, const char *base, Py_ssize_t size, const char *name) {
    const void *at;
    uint32_t length;
    if (!section(base, size, name, &at, &length)) return 0;
    memcpy(&f->bits, at, 4);
    memcpy(&f->segments, (const char *)at + 4, 4);
    f->cells = (const char *)at + 8;
    return 1;
}

static int open_model(Model *m, const char *base, Py_ssize_t size) {
    uint32_t length;
#define TAKE(name, field) section(base, size, name, (const void **)&m->field, &length)
    int fine = TAKE("levels", levels) && TAKE("discount", discounts) && TAKE("back_f", back_f) && TAKE("back_b", back_b) && TAKE("log2", log2) &&
               TAKE("setup", setup) && TAKE("trees", trees) && TAKE("unigram", unigram) && TAKE("flags", flags) && TAKE("plain", plain) && TAKE("readings", readings) &&
               TAKE("syl_char", syllable_chars) && TAKE("syl_at", syllable_at) && TAKE("fuzzy", fuzzy) && TAKE("fuzzysyl", fuzzy_syllables) &&
               TAKE("fuzzy_at", fuzzy_at) && TAKE("shapes", shapes) && TAKE("shape_at", shape_at) && TAKE("words", words) && TAKE("pairkind", pair_known) && TAKE("steps", steps);
    fine = fine && TAKE("pairs", pairs) && (m->n_pairs = length / 4, 1) && TAKE("word_key", word_keys) && (m->n_words = length / 4, 1);
    return fine && filter(&m->ngrams, base, size, "ngrams") && filter(&m->lexicon, base, size, "lexicon");
}

static PyObject *result(const Work *w, const int32_t *offsets, int features) {
    PyObject *list = PyList_New(0);
    for (int i = 0; list && i < w->count; i++) {
        const Finding *f = w->found + i;
        PyObject *row = Py_BuildValue("(iiiiii)", (int)offsets[f->start], (int)offsets[f->start + f->size - 1] + 1, (int)f->kind, (int)f->score, f->better[0] - SHIFT + CJK_FIRST,
                                      f->size == 2 ? f->better[1] - SHIFT + CJK_FIRST : 0);
        if (row && features) {
            PyObject *bytes = PyBytes_FromStringAndSize((const char *)f->f, sizeof f->f), *pair = bytes ? PyTuple_Pack(2, row, bytes) : NULL;
            Py_DECREF(row);
            Py_XDECREF(bytes);
            row = pair;
        }
        if (!row || PyList_Append(list, row)) Py_CLEAR(list);
        Py_XDECREF(row);
    }
    return list;
}

/* A model opened once: its sections, and the buffer that they lie in. */
typedef struct {
    Weigher weigher;
    Py_buffer view;
    Model m;
} Opened;

static int32_t gain_between(const Weigher *self, const uint32_t *plain, long plain_size, const uint32_t *better, long better_size);

static void close_model(PyObject *capsule) {
    Opened *o = PyCapsule_GetPointer(capsule, OPENED_MODEL);
    PyBuffer_Release(&o->view);
    PyMem_Free(o);
}

/* A capsule that the other functions take instead of a buffer: finding the sections takes longer than weighing a phrase. */
static PyObject *open_once(PyObject *self, PyObject *buffer) {
    (void)self;
    Opened *o = PyMem_Calloc(1, sizeof *o);
    if (!o) return PyErr_NoMemory();
    o->weigher.gain = gain_between;
    if (PyObject_GetBuffer(buffer, &o->view, PyBUF_SIMPLE)) return PyMem_Free(o), NULL;
    PyObject *capsule = NULL;
    if (!open_model(&o->m, o->view.buf, o->view.len)) PyErr_SetString(PyExc_ValueError, "not a typo model");
    else capsule = PyCapsule_New(o, OPENED_MODEL, close_model);
    if (!capsule) PyBuffer_Release(&o->view), PyMem_Free(o);
    return capsule;
}

/* What a call works on: the model, and memory for one text. */
typedef struct {
    Py_buffer view; /* of a model that was not opened before */
    Py_UCS4 *raw;
    Py_ssize_t length;
    char *memory;
    int32_t *offsets;
    Model m;
    Work w;
} Bench;

/* Opens both; 0 with an error set where that cannot be. Close the bench in any case. */
static int open_bench(Bench *b, PyObject *model, PyObject *text) {
    *b = (Bench){.w = {.m = &b->m}};
    if (PyCapsule_IsValid(model, OPENED_MODEL)) b->w.m = &((Opened *)PyCapsule_GetPointer(model, OPENED_MODEL))->m;
    else if (PyObject_GetBuffer(model, &b->view, PyBUF_SIMPLE)) return 0;
    else if (!open_model(&b->m, b->view.buf, b->view.len)) return PyErr_SetString(PyExc_ValueError, "not a typo model"), 0;
    b->raw = PyUnicode_AsUCS4Copy(text);
    if (!b->raw) return 0;
    b->length = PyUnicode_GetLength(text);
    b->memory = b->length < 100000000 ? calloc((size_t)b->length + 1, 2 + 4 + ORDER + 8 + 8) : NULL;
    if (!b->memory) return PyErr_NoMemory(), 0;
    return 1;
}

/* The symbols of a text, `marked` and `offsets` where they are wanted; returns how many. */
static int read_symbols(const Model *m, const Py_UCS4 *raw, Py_ssize_t length, uint16_t *x, uint8_t *marked, int32_t *offsets) {
    int n = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        uint16_t symbol = m->plain[class_of(raw[i])];
        if (symbol == SKIP && marked) marked[n] = raw[i] != ' ';
        if (symbol == SKIP || (symbol < SHIFT && n && x[n - 1] == symbol)) continue;
        if (offsets) offsets[n] = (int32_t)i;
        x[n++] = symbol;
    }
    return n;
}

/* Symbols of the text, their counts, and how expected each is read forward and backward. */
static void lay_out(Bench *b) {
    Work *w = &b->w;
    Py_ssize_t room = b->length + 1;
    b->offsets = (int32_t *)b->memory;
    w->forward = b->offsets + room;
    w->backward = w->forward + room;
    uint16_t *x = (uint16_t *)(w->backward + room);
    for (int k = 1; k <= ORDER; k++) w->level[k] = (uint8_t *)(x + room) + (k - 1) * room;
    w->marked = w->level[ORDER] + room;
    w->n = read_symbols(w->m, b->raw, b->length, x, w->marked, b->offsets);
    w->x = x;
    count(w->m, x, w->n, w->level, 0, w->n);
    for (int j = 0; j < w->n; j++) w->forward[j] = ahead(w->m, w->level, j), w->backward[j] = behind(w->m, w->level, j, w->n);
}

static void close_bench(Bench *b) {
    free(b->w.found);
    free(b->memory);
    PyMem_Free(b->raw);
    if (b->view.obj) PyBuffer_Release(&b->view);
}

static PyObject *look_through(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text, *list = NULL;
    int features, fine;
    if (!PyArg_ParseTuple(args, "OUp", &model, &text, &features)) return NULL;
    Bench b;
    if (open_bench(&b, model, text)) {
        Py_BEGIN_ALLOW_THREADS
        lay_out(&b);
        fine = work_through(&b.w);
        Py_END_ALLOW_THREADS
        list = fine ? result(&b.w, b.offsets, features) : PyErr_NoMemory();
    }
    close_bench(&b);
    return list;
}

static long long total(const Bench *b) {
    long long sum = 0;
    for (int j = 0; j < b->w.n; j++) sum += b->w.forward[j] + b->w.backward[j];
    return sum;
}

static PyObject *weigh_text(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text, *sum = NULL;
    if (!PyArg_ParseTuple(args, "OU", &model, &text)) return NULL;
    Bench b;
    if (open_bench(&b, model, text)) {
        lay_out(&b);
        sum = PyLong_FromLongLong(total(&b));
    }
    close_bench(&b);
    return sum;
}

/* Two short texts that differ in one place: symbols, counts, and the sums over what sees the difference. */
typedef struct {
    uint16_t x[BRIEF];
    uint8_t rows[ORDER + 1][BRIEF], *level[ORDER + 1];
    int n, to; /* the difference lies before `to` */
} Version;

static int32_t sum_near(const Model *m, Version *v, int from) {
    int32_t sum = 0;
    int last = v->to + REACH < v->n ? v->to + REACH : v->n;
    for (int j = from; j < last; j++) sum += ahead(m, v->level, j);
    for (int j = from < REACH ? 0 : from - REACH; j < v->to; j++) sum += behind(m, v->level, j, v->n);
    return sum;
}

/* How much more expected `better` is than `plain`: only the windows that see the difference are counted, those beside it once for both. */
static int32_t gain_of(const Model *m, Version *plain, Version *better) {
    int from = 0, same = 0, least = plain->n < better->n ? plain->n : better->n;
    while (from < least && plain->x[from] == better->x[from]) from++;
    while (same < least - from && plain->x[plain->n - 1 - same] == better->x[better->n - 1 - same]) same++;
    plain->to = plain->n - same, better->to = better->n - same;
    for (int k = 1; k <= ORDER; k++) plain->level[k] = plain->rows[k], better->level[k] = better->rows[k];
    int first = from < REACH ? 0 : from - REACH, last = plain->to + REACH < plain->n ? plain->to + REACH : plain->n, shift = better->n - plain->n;
    count(m, plain->x, last, plain->level, first, last);
    for (int k = 1; k <= ORDER; k++) {
        for (int j = first; j < from; j++) better->rows[k][j] = plain->rows[k][j];
        for (int j = plain->to; j < last; j++) better->rows[k][j + shift] = plain->rows[k][j];
    }
    count(m, better->x, last + shift, better->level, from, better->to);
    return sum_near(m, better, from) - sum_near(m, plain, from);
}

static int32_t gain_between(const Weigher *self, const uint32_t *plain, long plain_size, const uint32_t *better, long better_size) {
    const Model *m = &((const Opened *)self)->m;
    Version before, after;
    before.n = read_symbols(m, plain, plain_size, before.x, NULL, NULL);
    after.n = read_symbols(m, better, better_size, after.x, NULL, NULL);
    return gain_of(m, &before, &after);
}

static PyObject *gain(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *texts[2];
    if (!PyArg_ParseTuple(args, "OUU", &model, &texts[0], &texts[1])) return NULL;
    const Opened *o = PyCapsule_GetPointer(model, OPENED_MODEL);
    if (!o) return NULL;
    Py_ssize_t size[2] = {PyUnicode_GetLength(texts[0]), PyUnicode_GetLength(texts[1])};
    if (size[0] <= BRIEF && size[1] <= BRIEF) {
        Py_UCS4 raw[2][BRIEF + 1];
        if (!PyUnicode_AsUCS4(texts[0], raw[0], BRIEF + 1, 0) || !PyUnicode_AsUCS4(texts[1], raw[1], BRIEF + 1, 0)) return NULL;
        return PyLong_FromLong(gain_between(&o->weigher, raw[0], size[0], raw[1], size[1]));
    }
    long long sums[2];
    for (int i = 0; i < 2; i++) {
        Bench b;
        int fine = open_bench(&b, model, texts[i]);
        if (fine) lay_out(&b), sums[i] = total(&b);
        close_bench(&b);
        if (!fine) return NULL;
    }
    return PyLong_FromLongLong(sums[1] - sums[0]);
}

static PyMethodDef methods[] = {
    {"look_through", look_through, METH_VARARGS, "look_through(model, text, features) -> [(start, end, kind, score, code, code), …]"},
    {"open", open_once, METH_O, "open(buffer) -> a model that the other functions take instead of its buffer"},
    {"gain", gain, METH_VARARGS, "gain(opened model, plain, better) -> weigh(better) - weigh(plain)"},
    {"weigh", weigh_text, METH_VARARGS, "weigh(model, text) -> log2 of how expected the text is, forward and backward, in 1/256 bits"},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_typos", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__typos(void) { return PyModule_Create(&module); }
