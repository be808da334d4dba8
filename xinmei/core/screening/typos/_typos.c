/* The inner loop of the typo model: the same arithmetic as scorer.py, whole numbers and plain IEEE doubles only, so that both give the same
 * hits on every machine (built with -ffp-contract=off: a product is rounded before it is added to). See docs/typo-model.md for what the numbers mean.
 *
 * Most of the time goes into reading counts from a table that no cache holds. So what may be meant at a place is tried in batches: all windows of
 * two symbols, then those of three of which both parts were seen, and so on; the reads of a step do not wait for each other. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "../texts.h"
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

/* Characters that may be meant, tried together: those of similar syllables, or those that look like one character. */
enum { CHUNK = 48 };
typedef struct {
    uint32_t at;
    int size;
} Chunk;

/* Of a tree: the next node is `left`, or the one behind it where the number is above the limit. A leaf leads to itself. */
typedef struct {
    int32_t limit;
    uint32_t number : 8, left : 24;
} Node;

typedef struct {
    const double *levels, *discounts, *back_f, *back_b;
    const int32_t *log2, *setup, *trees;
    const uint8_t *unigram, *flags, *pair_known, *steps;
    const uint16_t *plain;
    Filter ngrams, lexicon;
    const uint16_t *readings, *syllable_chars, *fuzzy, *fuzzy_syllables, *shapes, *words;
    const uint32_t *syllable_at, *fuzzy_at, *shape_at, *pairs, *word_keys;
    uint32_t n_pairs, n_words;
    /* worked out once */
    uint16_t symbol[65536];             /* of a character; what is not here is a STOP */
    double share[64];                   /* of all symbols, by level; one never seen counts as half a one */
    double quotient[ORDER + 1][64][64]; /* by size, level of the context, level of the whole */
    double rest_f[ORDER + 1][64], rest_b[ORDER + 1][64]; /* by size and level of the context: what is left to shorter contexts */
    Chunk *chunks;
    uint32_t n_chunks, groups, *group_chunk, look_chunk[SIZE + 1]; /* of each group of syllables, of each symbol: its first chunk */
    uint16_t *members; /* of the chunks */
    uint64_t *seen;    /* which of a chunk were seen beside a symbol, as far as it was asked lately */
    uint64_t *gains;   /* what some differences of two texts came to, as far as they were asked lately */
    Node *nodes;
    int32_t *values, *roots, *depths, n_trees;
} Model;

typedef struct {
    int32_t start, size, kind, score;
    uint16_t better[WIDE];
    int32_t f[FEATURES];
} Finding;

/* A bench on which one text lies. */
typedef struct {
    const Model *m;
    int n;
    uint16_t *x;
    int32_t *offsets; /* the place of each symbol in the text */
    uint8_t *marked;  /* a quotation or title mark stands before it */
    uint8_t *level[ORDER + 1];
    int32_t *forward, *backward;
    char *memory; /* holds all of these */
    size_t symbols;
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
static uint8_t level_at(const Model *m, uint64_t hash) {
    Cells place = cells_of(&m->ngrams, hash);
    const uint8_t *cells = m->ngrams.cells;
    uint32_t cell = narrow(cells, place.a) ^ narrow(cells, place.b) ^ narrow(cells, place.c);
    return (uint8_t)(m->steps[cell & 15] & -(uint32_t)(cell >> 4 == print_of(hash) >> 2)); /* no branch: the next read need not wait for this one */
}

static void ask_for(const Model *m, uint64_t hash) {
    Cells place = cells_of(&m->ngrams, hash);
    __builtin_prefetch(m->ngrams.cells + (place.a >> 1) * 3);
    __builtin_prefetch(m->ngrams.cells + (place.b >> 1) * 3);
    __builtin_prefetch(m->ngrams.cells + (place.c >> 1) * 3);
}

static uint8_t level_of(const Model *m, const uint16_t *at, int size) {
    uint64_t hash = 0;
    for (int k = 0; k < size; k++) hash = mix(hash, at[k]);
    return level_at(m, hash);
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

/* P(symbol at j), as windows from `k` symbols on before it say, where shorter ones say p; level[k][j] is for the window of k symbols that starts
 * at j. A context that was never seen changes nothing: its quotient is 0, its weight 1. */
static double ahead_from(const Model *m, uint8_t *const level[], int j, int k, double p) {
    for (; k <= ORDER && j - k + 1 >= 0; k++) {
        uint8_t context = level[k - 1][j - k + 1];
        p = m->quotient[k][context][level[k][j - k + 1]] + m->rest_f[k][context] * p;
    }
    return p;
}

/* The same for the windows after it, of `n` symbols. */
static double behind_from(const Model *m, uint8_t *const level[], int j, int n, int k, double p) {
    for (; k <= ORDER && j + k <= n; k++) {
        uint8_t context = level[k - 1][j + 1];
        p = m->quotient[k][context][level[k][j]] + m->rest_b[k][context] * p;
    }
    return p;
}

/* log2 P(symbol at j | the four before it), and | the four after it. */
static int32_t ahead(const Model *m, uint8_t *const level[], int j) { return log_of(m, ahead_from(m, level, j, 2, m->share[level[1][j]])); }
static int32_t behind(const Model *m, uint8_t *const level[], int j, int n) { return log_of(m, behind_from(m, level, j, n, 2, m->share[level[1][j]])); }

enum { TOGETHER = 64 }; /* windows read together */

/* Levels of all windows of x that touch [from, to); shorter windows must have been counted, a window with a stop inside counts nothing. What the windows of
 * one size need from memory is asked for before any of it is read. */
static void count(const Model *m, const uint16_t *x, int n, uint8_t *const level[], int from, int to) {
    uint64_t hash[TOGETHER];
    uint8_t most[TOGETHER];
    for (int j = from; j < to; j++) level[1][j] = m->unigram[x[j]];
    for (int k = 2; k <= ORDER; k++) {
        int first = from - k + 1 < 0 ? 0 : from - k + 1, end = to < n - k + 1 ? to : n - k + 1;
        for (; first < end; first += TOGETHER) {
            int last = first + TOGETHER < end ? first + TOGETHER : end, todo[TOGETHER], some = 0;
            for (int j = first; j < last; j++) {
                uint8_t left = level[k - 1][j], right = level[k - 1][j + 1], least = left < right ? left : right;
                if (k > 2 && (x[j + 1] == STOP || x[j + k - 2] == STOP)) least = 0;
                level[k][j] = 0, most[some] = least, todo[some] = j;
                some += least != 0;
            }
            for (int q = 0; q < some; q++) {
                hash[q] = 0;
                for (int i = 0; i < k; i++) hash[q] = mix(hash[q], x[todo[q] + i]);
                ask_for(m, hash[q]);
            }
            for (int q = 0; q < some; q++) {
                uint8_t got = level_at(m, hash[q]);
                level[k][todo[q]] = got < most[q] ? got : most[q];
            }
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

/* The groups of syllables by which a character is read, each once; returns how many. */
static int list_groups(const Model *m, uint16_t symbol, uint16_t groups[3]) {
    int n = 0;
    for (int i = 0; i < 3 && m->readings[3 * symbol + i]; i++) {
        uint16_t group = m->fuzzy[m->readings[3 * symbol + i] >> 3];
        int again = 0;
        for (int d = 0; d < n; d++) again |= groups[d] == group;
        if (!again) groups[n++] = group;
    }
    return n;
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
    double p = m->share[r->level[size][j]];
    uint8_t context = previous && size + previous <= ORDER ? r->level[previous][j - previous] : 0;
    if (context) {
        uint8_t whole = r->level[size + previous][j - previous];
        double seen = whole ? m->levels[whole] - 0.5 : 0.0;
        p = (seen > 0.0 ? seen / m->levels[context] : 0.0) + 0.4 * p;
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

enum { ABREAST = 8 }; /* trees climbed at a time: each step waits for memory */

static int32_t grade(const Model *m, const int32_t *f) {
    int32_t sum = 0;
    for (int t = 0; t < m->n_trees; t += ABREAST) {
        uint32_t at[ABREAST];
        for (int i = 0; i < ABREAST; i++) at[i] = (uint32_t)m->roots[t + i];
        for (int depth = m->depths[t / ABREAST]; depth > 0; depth--)
            for (int i = 0; i < ABREAST; i++) {
                Node node = m->nodes[at[i]];
                at[i] = node.left + (f[node.number] > node.limit);
            }
        for (int i = 0; i < ABREAST; i++) sum += m->values[at[i]];
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

enum { BATCH = 64, STARTS = REACH + WIDE };

/* What may be meant at a place, tried in batches. A window is known by how far before the place it starts: `starts` - REACH is at the place. */
typedef struct {
    const Work *w;
    Region plain, r;
    Best best;
    uint32_t pairs; /* where known confusions of the character begin */
    int count;
    uint16_t put[WIDE][BATCH];
    uint8_t kind[BATCH];
    int32_t bonus[BATCH];
    uint64_t before[STARTS];               /* the hash of what stands between the start of a window and the place */
    uint64_t hash[STARTS][BATCH];          /* of the longest window so far */
    uint8_t level[ORDER + 1][STARTS][BATCH];
    double ahead[SPAN], behind[SPAN];      /* P of the symbols around the place, as windows that do not see it say */
} Trial;

/* What stays the same whatever is put to the place. */
static void open_trial(const Work *w, Trial *t, int at, int span) {
    const Model *m = w->m;
    Region *r = &t->plain;
    t->w = w, t->count = 0, t->best = (Best){-(1 << 24), -(1 << 24), 0, {0, 0}};
    open_region(w, r, at, span);
    weigh(w, r);
    t->r = *r;
    for (int k = 1; k <= ORDER; k++) t->r.level[k] = t->r.rows[k];
    for (int j = r->at; j >= 0 && j >= r->at - REACH; j--) {
        uint64_t hash = 0;
        for (int i = j; i < r->at; i++) hash = mix(hash, r->y[i]);
        t->before[j - r->at + REACH] = hash;
    }
    t->before[REACH + 1] = 0;
    int last = r->at + span - 1;
    for (int j = last + 1; j < r->size; j++) {
        double p = m->share[r->level[1][j]];
        for (int k = 2; k <= j - last; k++) p = m->quotient[k][r->level[k - 1][j - k + 1]][r->level[k][j - k + 1]] + m->rest_f[k][r->level[k - 1][j - k + 1]] * p;
        t->ahead[j] = p;
    }
    for (int j = 0; j < r->at; j++) {
        double p = m->share[r->level[1][j]];
        for (int k = 2; k <= r->at - j; k++) p = m->quotient[k][r->level[k - 1][j + 1]][r->level[k][j]] + m->rest_b[k][r->level[k - 1][j + 1]] * p;
        t->behind[j] = p;
    }
}

/* Levels of the windows of k symbols that see the place, for all of the batch, from those of k - 1; none above what stands there already. */
static void count_windows(Trial *t, int k) {
    const Model *m = t->w->m;
    const Region *r = &t->plain;
    int a = r->at, last = a + r->span - 1, n = t->count;
    for (int j = a - k + 1 < 0 ? 0 : a - k + 1; j <= last && j + k <= r->size; j++) {
        int s = j - a + REACH, end = j + k - 1, todo[BATCH], some = 0;
        uint8_t *level = t->level[k][s];
        const uint8_t *left = end > a ? t->level[k - 1][s] : NULL, *right = j < last ? t->level[k - 1][s + 1] : NULL;
        uint8_t left_plain = r->level[k - 1][j], right_plain = r->level[k - 1][j + 1];
        if ((!left && !left_plain) || (!right && !right_plain) || (k > 2 && (r->y[j + 1] == STOP || r->y[end - 1] == STOP))) {
            memset(level, 0, (size_t)n);
            continue;
        }
        for (int i = 0; i < n; i++) {
            uint8_t one = left ? left[i] : left_plain, other = right ? right[i] : right_plain;
            one = one < other ? one : other;
            level[i] = one < level[i] ? one : level[i];
        }
        for (int i = 0; i < n; i++) todo[some] = i, some += level[i] != 0;
        for (int q = 0; q < some; q++) {
            int i = todo[q];
            uint16_t next = end < a || end > last ? r->y[end] : t->put[end - a][i];
            uint64_t hash = t->hash[s][i] = mix(left ? t->hash[s][i] : t->before[s], next);
            uint8_t got = level_at(m, hash);
            level[i] = got < level[i] ? got : level[i];
        }
    }
}

/* P of one symbol for all of the batch, one window further: `whole` is the window, `context` it without the symbol; where a context does not see
 * the place, it is the same for all. */
static void weigh_window(double p[BATCH], int n, const double quotient[64][64], const double rest[64], const uint8_t *context, uint8_t plain, const uint8_t *whole) {
    if (context) for (int i = 0; i < n; i++) p[i] = quotient[context[i]][whole[i]] + rest[context[i]] * p[i];
    else if (plain) for (int i = 0; i < n; i++) p[i] = quotient[plain][whole[i]] + rest[plain] * p[i];
}

/* How expected everything around the place is with each of the batch, read forward and backward. */
static void weigh_batch(Trial *t, int32_t sum[BATCH]) {
    const Model *m = t->w->m;
    const Region *r = &t->plain;
    int a = r->at, last = a + r->span - 1, n = t->count;
    double p[BATCH];
    memset(sum, 0, (size_t)n * sizeof *sum);
    for (int j = a; j < r->size; j++) { /* forward: the symbols that have the place before them, by windows that start at j - k + 1 */
        for (int i = 0; i < n; i++) p[i] = j > last ? t->ahead[j] : m->share[t->level[1][j - a + REACH][i]];
        for (int k = j > last ? j - last + 1 : 2; k <= ORDER && j - k + 1 >= 0; k++) {
            int s = j - k + 1 - a + REACH;
            weigh_window(p, n, m->quotient[k], m->rest_f[k], j > a ? t->level[k - 1][s] : NULL, r->level[k - 1][j - k + 1], t->level[k][s]);
        }
        for (int i = 0; i < n; i++) sum[i] += log_of(m, p[i]);
    }
    for (int j = last; j >= 0; j--) {   /* backward: those that have it behind them, by windows that start at j */
        for (int i = 0; i < n; i++) p[i] = j < a ? t->behind[j] : m->share[t->level[1][j - a + REACH][i]];
        for (int k = j < a ? a - j + 1 : 2; k <= ORDER && j + k <= r->size; k++)
            weigh_window(p, n, m->quotient[k], m->rest_b[k], j < last ? t->level[k - 1][j + 1 - a + REACH] : NULL, r->level[k - 1][j + 1], t->level[k][j - a + REACH]);
        for (int i = 0; i < n; i++) sum[i] += log_of(m, p[i]);
    }
}

static void try_batch(Trial *t) {
    int32_t sum[BATCH], plain = t->plain.forward + t->plain.backward;
    memset(t->level[3], 255, (ORDER - 2) * sizeof t->level[3]);
    for (int k = 2; k <= ORDER; k++) count_windows(t, k);
    weigh_batch(t, sum);
    for (int i = 0; i < t->count; i++) offer(&t->best, sum[i] - plain + t->bonus[i], t->kind[i], t->put[0][i], t->put[1][i]);
    t->count = 0;
}

static int keep(Work *w, Trial *t) {
    const Best *best = &t->best;
    Region *r = &t->r;
    if (best->rank < w->m->setup[MINIMUM]) return 1;
    if (w->count == w->room) {
        int room = w->room ? 2 * w->room : 16;
        Finding *more = realloc(w->found, (size_t)room * sizeof(Finding));
        if (!more) return 0;
        w->found = more, w->room = room;
    }
    Finding *found = w->found + w->count++;
    *found = (Finding){.start = r->from + r->at, .size = r->span, .kind = best->kind};
    for (int i = 0; i < r->span; i++) r->y[r->at + i] = found->better[i] = best->better[i];
    count(w->m, r->y, r->size, r->level, r->at, r->at + r->span);
    weigh(w, r);
    describe(w, found, &t->plain, r, best->rank - best->second);
    found->score = grade(w->m, found->f);
    return 1;
}

enum { BEFORE, BEHIND, REMEMBERED = 19, GAINS = 17 };

/* Which of a chunk were ever seen before or behind a symbol. Texts ask the same again and again, so the answers are kept in one word each:
 * the bits, and what tells questions apart that have the same place. */
static uint64_t seen_beside(const Model *m, int side, uint16_t symbol, uint32_t chunk) {
    uint64_t question = ((uint64_t)chunk << 16 | (uint64_t)symbol << 1 | (uint64_t)side) * 0x9E3779B97F4A7C15u & 0x3FFFFFFFF; /* 34 bits, one to one */
    uint64_t *at = m->seen + (question >> (34 - REMEMBERED)), mark = (question | 0x8000) & 0xFFFF, known = __atomic_load_n(at, __ATOMIC_RELAXED), bits = 0;
    if (known >> CHUNK == mark) return known & (((uint64_t)1 << CHUNK) - 1);
    const Chunk *c = m->chunks + chunk;
    for (int i = 0; i < c->size; i++) {
        uint16_t member = m->members[c->at + (uint32_t)i];
        uint64_t hash = side == BEHIND ? mix(mix(0, symbol), member) : mix(mix(0, member), symbol);
        bits |= (uint64_t)(level_at(m, hash) != 0) << i;
    }
    __atomic_store_n(at, mark << CHUNK | bits, __ATOMIC_RELAXED);
    return bits;
}

/* Takes a character for the batch; `left` and `right` say beside which neighbour it may have been seen. */
static void try_character(Trial *t, uint16_t right, int kind, int32_t bonus, int left_seen, int right_seen) {
    int i = t->count;
    t->put[0][i] = right, t->put[1][i] = 0, t->kind[i] = (uint8_t)kind, t->bonus[i] = bonus;
    t->hash[REACH][i] = mix(0, right);
    t->level[1][REACH][i] = t->w->m->unigram[right];
    t->level[2][REACH - 1][i] = left_seen ? 255 : 0, t->level[2][REACH][i] = right_seen ? 255 : 0;
    if (++t->count == BATCH) try_batch(t);
}

/* Of the chunks from one to another, only what was seen beside a neighbour is tried. `kind` is that of what shares no syllable. */
static void try_chunks(Trial *t, uint32_t chunk, uint32_t end, int kind) {
    const Model *m = t->w->m;
    const Region *r = &t->plain;
    int a = r->at, left_asked = a > 0 && r->y[a - 1] >= SHIFT, right_asked = a + 1 < r->size && r->y[a + 1] >= SHIFT;
    uint16_t wrong = r->y[a];
    for (; chunk < end; chunk++) {
        uint64_t left = left_asked ? seen_beside(m, BEHIND, r->y[a - 1], chunk) : 0, right = right_asked ? seen_beside(m, BEFORE, r->y[a + 1], chunk) : 0;
        for (uint64_t rest = left | right; rest; rest &= rest - 1) {
            int i = __builtin_ctzll(rest);
            uint16_t one = m->members[m->chunks[chunk].at + (uint32_t)i];
            if (one == wrong || m->flags[one] & m->flags[wrong] & NUMERAL) continue; /* 二 for 三 is for people to know */
            int sort = reading_kind(m, one, wrong, kind);
            int32_t bonus = m->setup[PRIORS + sort];
            for (uint32_t p = t->pairs; p < m->n_pairs && m->pairs[p] >> 16 == wrong; p++)
                if ((uint16_t)m->pairs[p] == one && m->pair_known[p] & 1) bonus += m->setup[LISTED];
            try_character(t, one, sort, bonus, !left_asked || left >> i & 1, !right_asked || right >> i & 1);
        }
    }
}

static int look_at_character(Work *w, int at) {
    const Model *m = w->m;
    Trial trial, *t = &trial;
    uint16_t groups[3], wrong = w->x[at];
    open_trial(w, t, at, 1);
    t->pairs = first_pair(m, (uint32_t)wrong << 16);
    for (int i = 0, n = list_groups(m, wrong, groups); i < n; i++) try_chunks(t, m->group_chunk[groups[i]], m->group_chunk[groups[i] + 1], NEAR_SYLLABLE);
    try_chunks(t, m->look_chunk[wrong], m->look_chunk[wrong + 1], LOOK_ALIKE);
    try_batch(t);
    return keep(w, t);
}

static void try_word(Trial *t, int kind, uint16_t first, uint16_t other) {
    const Model *m = t->w->m;
    int i = t->count;
    if (m->flags[first] & m->flags[t->plain.y[t->plain.at]] & NUMERAL) return; /* 二 for 三 is for people to know */
    t->put[0][i] = first, t->put[1][i] = other, t->kind[i] = (uint8_t)kind, t->bonus[i] = m->setup[PRIORS + (kind < SWAPPED ? kind : WORD_NEAR)];
    t->hash[REACH][i] = mix(0, first), t->hash[REACH + 1][i] = mix(0, other);
    t->level[1][REACH][i] = m->unigram[first], t->level[1][REACH + 1][i] = m->unigram[other];
    t->level[2][REACH - 1][i] = t->level[2][REACH][i] = t->level[2][REACH + 1][i] = 255;
    if (++t->count == BATCH) try_batch(t);
}

/* Where the words of two syllables from `key` on begin. */
static uint32_t first_word(const Model *m, uint32_t key) {
    uint32_t low = 0, high = m->n_words;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (m->word_keys[middle] < key) low = middle + 1;
        else high = middle;
    }
    return low;
}

static int look_at_word(Work *w, int at) {
    const Model *m = w->m;
    Trial trial, *t = &trial;
    uint16_t groups[2][3], wrong[2] = {w->x[at], w->x[at + 1]};
    open_trial(w, t, at, 2);
    int n = list_groups(m, wrong[0], groups[0]), others = list_groups(m, wrong[1], groups[1]);
    for (int i = 0; i < n * others; i++) {
        uint32_t key = (uint32_t)groups[0][i / others] << 16 | groups[1][i % others];
        for (uint32_t p = first_word(m, key); p < m->n_words && m->word_keys[p] == key; p++) {
            uint16_t first = m->words[2 * p], other = m->words[2 * p + 1];
            if (first == wrong[0] || other == wrong[1]) continue;
            int near = reading_kind(m, first, wrong[0], LOOK_ALIKE) > SAME_SYLLABLE || reading_kind(m, other, wrong[1], LOOK_ALIKE) > SAME_SYLLABLE;
            try_word(t, near ? WORD_NEAR : WORD_SAME, first, other);
        }
    }
    if (wrong[0] != wrong[1] && level_of(m, (uint16_t[]){wrong[1], wrong[0]}, 2)) try_word(t, SWAPPED, wrong[1], wrong[0]);
    try_batch(t);
    return keep(w, t);
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
    w->count = 0;
    for (int j = 0; j < w->n; j++) {
        int odd = w->x[j] >= SHIFT && w->forward[j] + w->backward[j] < m->setup[GATE];
        if (odd && !look_at_character(w, j)) return 0;
        if ((odd || before) && j > 0 && w->x[j] >= SHIFT && w->x[j - 1] >= SHIFT && !w->marked[j] && !look_at_word(w, j - 1)) return 0;
        before = odd;
    }
    return 1;
}

/* Counts the symbols, and says how expected each is. */
static void lay_out(Work *w) {
    count(w->m, w->x, w->n, w->level, 0, w->n);
    for (int j = 0; j < w->n; j++) w->forward[j] = ahead(w->m, w->level, j), w->backward[j] = behind(w->m, w->level, j, w->n);
}

/* Room for so many symbols; 0 when memory ran out. What was there is lost. */
static int make_room(Work *w, size_t symbols) {
    if (symbols <= w->symbols) return 1;
    free(w->memory);
    symbols += symbols / 2 + 64;
    w->memory = malloc(symbols * (3 * 4 + 2 + ORDER + 1));
    if (!w->memory) return w->symbols = 0, 0;
    w->symbols = symbols;
    w->forward = (int32_t *)w->memory, w->backward = w->forward + symbols, w->offsets = w->backward + symbols;
    w->x = (uint16_t *)(w->offsets + symbols);
    w->marked = (uint8_t *)(w->x + symbols);
    for (int k = 1; k <= ORDER; k++) w->level[k] = w->marked + k * symbols;
    return 1;
}

static void close_work(Work *w) { free(w->memory), free(w->found); }

/* The next character of a text, as a symbol: marks that are passed over are noted, neighbours of one class are one symbol. */
static inline void put_symbol(Work *w, uint32_t c, int32_t place) {
    uint16_t symbol = c < 65536 ? w->m->symbol[c] : w->m->symbol[0];
    if (symbol == SKIP) w->marked[w->n] = c != ' ';
    if (symbol == SKIP || (symbol < SHIFT && w->n && w->x[w->n - 1] == symbol)) return;
    w->offsets[w->n] = place, w->x[w->n] = symbol, w->marked[++w->n] = 0;
}

static void begin_symbols(Work *w) { w->n = 0, w->marked[0] = 0; }

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

static int open_model(Model *m, const char *base, Py_ssize_t size, uint32_t *trees) {
    uint32_t length;
#define TAKE(name, field) section(base, size, name, (const void **)&m->field, &length)
    int fine = TAKE("levels", levels) && TAKE("discount", discounts) && TAKE("back_f", back_f) && TAKE("back_b", back_b) && TAKE("log2", log2) &&
               TAKE("setup", setup) && TAKE("trees", trees) && (*trees = length, 1) && TAKE("unigram", unigram) && TAKE("flags", flags) && TAKE("plain", plain) && TAKE("readings", readings) &&
               TAKE("syl_char", syllable_chars) && TAKE("syl_at", syllable_at) && TAKE("fuzzy", fuzzy) && TAKE("fuzzysyl", fuzzy_syllables) &&
               TAKE("fuzzy_at", fuzzy_at) && (m->groups = length / 4 - 1, 1) && TAKE("shapes", shapes) && TAKE("shape_at", shape_at) && TAKE("words", words) && TAKE("pairkind", pair_known) && TAKE("steps", steps);
    fine = fine && TAKE("pairs", pairs) && (m->n_pairs = length / 4, 1) && TAKE("word_key", word_keys) && (m->n_words = length / 4, 1);
    return fine && filter(&m->ngrams, base, size, "ngrams") && filter(&m->lexicon, base, size, "lexicon");
}

/* Adds the members from one to another as chunks. */
static void add_chunks(Model *m, uint32_t begin, uint32_t end) {
    for (; begin < end; begin += CHUNK) m->chunks[m->n_chunks++] = (Chunk){begin, end - begin < CHUNK ? (int)(end - begin) : CHUNK};
}

/* Lists what sounds like `wrong` not at all but looks like it, or is in a list of confusions; returns how many. */
static uint32_t list_looks(const Model *m, uint16_t wrong, uint16_t *to) {
    uint32_t n = 0;
    for (uint32_t s = m->shape_at[wrong]; s < m->shape_at[wrong + 1]; s++)
        if (reading_kind(m, m->shapes[s], wrong, LOOK_ALIKE) == LOOK_ALIKE) to[n++] = m->shapes[s];
    for (uint32_t p = first_pair(m, (uint32_t)wrong << 16); p < m->n_pairs && m->pairs[p] >> 16 == wrong; p++) {
        uint16_t right = (uint16_t)m->pairs[p];
        if (reading_kind(m, right, wrong, LOOK_ALIKE) == LOOK_ALIKE && !looks_like(m, wrong, right)) to[n++] = right;
    }
    return n;
}

static int make_chunks(Model *m) {
    uint32_t at = 0, most = m->syllable_at[m->fuzzy_at[m->groups]] + m->shape_at[SIZE] + m->n_pairs;
    m->members = malloc((most + 1) * sizeof *m->members);
    m->chunks = malloc((most / CHUNK + m->groups + SIZE + 1) * sizeof *m->chunks);
    m->group_chunk = malloc((m->groups + 1) * sizeof *m->group_chunk);
    m->seen = calloc((size_t)1 << REMEMBERED, sizeof *m->seen);
    m->gains = calloc((size_t)1 << GAINS, sizeof *m->gains);
    if (!m->members || !m->chunks || !m->group_chunk || !m->seen || !m->gains) return 0;
    for (uint32_t group = 0, begin = 0; group < m->groups; group++, begin = at) {
        for (uint32_t s = m->fuzzy_at[group]; s < m->fuzzy_at[group + 1]; s++)
            for (uint32_t c = m->syllable_at[m->fuzzy_syllables[s]]; c < m->syllable_at[m->fuzzy_syllables[s] + 1]; c++) m->members[at++] = m->syllable_chars[c];
        m->group_chunk[group] = m->n_chunks;
        add_chunks(m, begin, at);
    }
    m->group_chunk[m->groups] = m->n_chunks;
    for (uint32_t wrong = 0, begin = at; wrong < SIZE; wrong++, begin = at) {
        if (wrong >= SHIFT) at += list_looks(m, (uint16_t)wrong, m->members + at);
        m->look_chunk[wrong] = m->n_chunks;
        add_chunks(m, begin, at);
    }
    m->look_chunk[SIZE] = m->n_chunks;
    return m->n_chunks < 1 << 18;
}

/* Puts the tree under `root` in order, the two that follow a node beside each other; returns how deep it is. The file: a node is four numbers,
 * which number is asked (-1: a leaf), limit or value, left, right. */
static int make_tree(Model *m, const int32_t *file, uint32_t root, int32_t from, int32_t *used) {
    const int32_t *node = file + 4 * from;
    m->values[root] = node[0] < 0 ? node[1] : 0;
    m->nodes[root] = (Node){INT32_MAX, 0, root};
    if (node[0] < 0) return 0;
    uint32_t left = (uint32_t)*used;
    *used += 2;
    m->nodes[root] = (Node){node[1], (uint32_t)node[0], left};
    int one = make_tree(m, file, left, node[2], used), other = make_tree(m, file, left + 1, node[3], used);
    return 1 + (one > other ? one : other);
}

/* The file: how many trees, their roots, then the nodes. Trees that fill up the last group say nothing. */
static int make_trees(Model *m, uint32_t length) {
    int32_t n = m->trees[0], nodes = (int32_t)((length / 4 - 1 - n) / 4), used = 0;
    m->n_trees = (n + ABREAST - 1) / ABREAST * ABREAST;
    m->nodes = malloc((size_t)(nodes + ABREAST + 1) * sizeof(Node));
    m->values = calloc((size_t)nodes + ABREAST + 1 + 2 * (size_t)m->n_trees, sizeof(int32_t));
    if (!m->nodes || !m->values) return 0;
    m->roots = m->values + nodes + ABREAST + 1, m->depths = m->roots + m->n_trees;
    for (int t = 0; t < m->n_trees; t++) {
        int depth = 0, root = m->roots[t] = used++;
        if (t < n) depth = make_tree(m, m->trees + 1 + n, (uint32_t)root, m->trees[1 + t], &used);
        else m->nodes[root] = (Node){INT32_MAX, 0, (uint32_t)root};
        if (depth > m->depths[t / ABREAST]) m->depths[t / ABREAST] = depth;
    }
    return 1;
}

/* What is worked out once for all texts; 0 when memory ran out. */
static int make_ready(Model *m, uint32_t trees) {
    for (uint32_t c = 0; c < 65536; c++) m->symbol[c] = m->plain[class_of(c)];
    for (int level = 0; level < 64; level++) m->share[level] = (level ? m->levels[level] : 0.5) / m->levels[63];
    for (int k = 2; k <= ORDER; k++) {
        m->rest_f[k][0] = m->rest_b[k][0] = 1.0;
        for (int context = 1; context < 64; context++) {
            m->rest_f[k][context] = m->back_f[k * 64 + context], m->rest_b[k][context] = m->back_b[k * 64 + context];
            for (int whole = 1; whole < 64; whole++) {
                double seen = m->levels[whole] - m->discounts[k];
                m->quotient[k][context][whole] = seen > 0.0 ? seen / m->levels[context] : 0.0;
            }
        }
    }
    return make_chunks(m) && make_trees(m, trees);
}

/* A model opened once: its sections, what was worked out, and the buffer that the sections lie in. */
typedef struct {
    Weigher weigher;
    Py_buffer view;
    Model m;
} Opened;

static int32_t gain_between(const Weigher *self, const uint32_t *plain, long plain_size, const uint32_t *better, long better_size);

static void free_model(Opened *o) {
    free(o->m.members), free(o->m.chunks), free(o->m.group_chunk), free(o->m.seen), free(o->m.gains), free(o->m.nodes), free(o->m.values);
    PyBuffer_Release(&o->view);
    PyMem_Free(o);
}

static void close_model(PyObject *capsule) { free_model(PyCapsule_GetPointer(capsule, OPENED_MODEL)); }

/* A capsule that the other functions take. */
static PyObject *open_once(PyObject *self, PyObject *buffer) {
    (void)self;
    Opened *o = PyMem_Calloc(1, sizeof *o);
    uint32_t trees;
    if (!o) return PyErr_NoMemory();
    o->weigher.gain = gain_between;
    if (PyObject_GetBuffer(buffer, &o->view, PyBUF_SIMPLE)) return PyMem_Free(o), NULL;
    PyObject *capsule = NULL;
    if (!open_model(&o->m, o->view.buf, o->view.len, &trees)) PyErr_SetString(PyExc_ValueError, "not a typo model");
    else if (!make_ready(&o->m, trees)) PyErr_NoMemory();
    else capsule = PyCapsule_New(o, OPENED_MODEL, close_model);
    if (!capsule) free_model(o);
    return capsule;
}

/* ---- one text --------------------------------------------------------------------------------------------------------------------- */

static PyObject *row_of(const Work *w, const Finding *f) {
    return Py_BuildValue("(iiiiii)", (int)w->offsets[f->start], (int)w->offsets[f->start + f->size - 1] + 1, (int)f->kind, (int)f->score,
                         f->better[0] - SHIFT + CJK_FIRST, f->size == 2 ? f->better[1] - SHIFT + CJK_FIRST : 0);
}

/* Lays one str out on the bench; 0 with an error set where that cannot be. Close the work in any case. */
static int open_work(Work *w, PyObject *model, PyObject *text) {
    *w = (Work){0};
    const Opened *o = PyCapsule_GetPointer(model, OPENED_MODEL);
    if (!o || PyUnicode_READY(text)) return 0;
    w->m = &o->m;
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > INT32_MAX / 2 || !make_room(w, (size_t)length + 1)) return PyErr_NoMemory(), 0;
    begin_symbols(w);
    for (Py_ssize_t i = 0; i < length; i++) put_symbol(w, PyUnicode_READ_CHAR(text, i), (int32_t)i);
    lay_out(w);
    return 1;
}

static PyObject *look_through(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text, *list = NULL;
    int features;
    Work w;
    if (!PyArg_ParseTuple(args, "OUp", &model, &text, &features)) return NULL;
    if (open_work(&w, model, text)) list = work_through(&w) ? PyList_New(0) : PyErr_NoMemory();
    for (int i = 0; list && i < w.count; i++) {
        PyObject *row = row_of(&w, w.found + i);
        if (row && features) row = Py_BuildValue("(Ny#)", row, (const char *)w.found[i].f, (Py_ssize_t)sizeof w.found[i].f);
        if (!row || PyList_Append(list, row)) Py_CLEAR(list);
        Py_XDECREF(row);
    }
    close_work(&w);
    return list;
}

static long long total(const Work *w) {
    long long sum = 0;
    for (int j = 0; j < w->n; j++) sum += w->forward[j] + w->backward[j];
    return sum;
}

static PyObject *weigh_text(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text, *sum = NULL;
    Work w;
    if (!PyArg_ParseTuple(args, "OU", &model, &text)) return NULL;
    if (open_work(&w, model, text)) sum = PyLong_FromLongLong(total(&w));
    close_work(&w);
    return sum;
}

/* ---- many texts, sentence by sentence ---------------------------------------------------------------------------------------------- */

typedef struct { int32_t row, begin, end; } Sentence;

typedef struct {
    Work w;
    int32_t least;           /* the score from which on a place counts */
    uint64_t *memory, mask;  /* digests of sentences that were read */
    Sentence *found;         /* those in which there is something */
    size_t count, room;
} Reader;

/* Two hashes of what is read: one says where in the memory a sentence is kept, the other is kept there, with what came of it in its last bits. */
enum { NOTHING = 1, SOMETHING = 2 };

static uint64_t digest(const Reader *r, uint64_t *slot) {
    const Work *w = &r->w;
    uint64_t one = 0x243F6A8885A308D3u, other = 0x13198A2E03707344u + (uint32_t)r->least;
    for (int j = 0; j <= w->n; j++) {
        uint64_t symbol = (j < w->n ? w->x[j] : 0) | (uint64_t)w->marked[j] << 16;
        one = (one ^ symbol) * 0x9E3779B97F4A7C15u, one ^= one >> 32;
        other = (other + symbol + 1) * 0xC2B2AE3D27D4EB4Fu, other ^= other >> 29;
    }
    *slot = other;
    return one & ~(uint64_t)3;
}

static int note(Reader *r, int32_t row, int32_t begin, int32_t end) {
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        Sentence *more = realloc(r->found, room * sizeof *more);
        if (!more) return -1;
        r->found = more, r->room = room;
    }
    r->found[r->count++] = (Sentence){row, begin, end};
    return 0;
}

/* The little words of doubled.py: 的了在是和与及为对将把被从由向以并而就也都有 */
static const uint16_t LITTLE[] = {0x7684, 0x4E86, 0x5728, 0x662F, 0x548C, 0x4E0E, 0x53CA, 0x4E3A, 0x5BF9, 0x5C06, 0x628A, 0x88AB, 0x4ECE, 0x7531, 0x5411, 0x4EE5, 0x5E76, 0x800C, 0x5C31, 0x4E5F, 0x90FD, 0x6709};

static int stands_twice(const uint16_t *at, int size) {
    for (int k = 0; k < size; k++)
        if (at[k] < SHIFT || at[k] != at[k + size]) return 0;
    return 1;
}

/* Whether a word or a little word may stand twice in a row; doubled.py says whether it is a slip. */
static int may_stand_twice(const Work *w) {
    for (int j = 0; j + 1 < w->n; j++) {
        if (w->x[j] < SHIFT) continue;
        for (int size = 2; size <= 4 && j + 2 * size <= w->n; size++)
            if (stands_twice(w->x + j, size)) return 1;
        if (w->x[j] != w->x[j + 1]) continue;
        for (size_t k = 0; k < sizeof LITTLE / sizeof *LITTLE; k++)
            if (w->x[j] == LITTLE[k] - CJK_FIRST + SHIFT) return 1;
    }
    return 0;
}

/* Reads the sentence on the bench, unless it is remembered; -1 when memory ran out. Threads may share the memory: a digest is one word. */
static int read_sentence(Reader *r, int32_t row, int32_t begin, int32_t end) {
    uint64_t slot, known = digest(r, &slot), *at = r->memory + (slot & r->mask), there = __atomic_load_n(at, __ATOMIC_RELAXED);
    if (there == (known | NOTHING)) return 0;
    if (there == (known | SOMETHING)) return note(r, row, begin, end);
    lay_out(&r->w);
    if (!work_through(&r->w)) return -1;
    int some = may_stand_twice(&r->w);
    for (int i = 0; i < r->w.count; i++) some |= r->w.found[i].score >= r->least;
    __atomic_store_n(at, known | (some ? SOMETHING : NOTHING), __ATOMIC_RELAXED);
    return some ? note(r, row, begin, end) : 0;
}

static inline int ends_sentence(uint32_t c) { return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF1B || c == '\n'; }

/* A sentence is what stands between two marks, and the one behind it (as SENTENCE in model.py). */
static int read_text(Reader *r, int32_t row, Text text) {
    const uint8_t *at = text.data, *end = at + text.size;
    int32_t begin = -1, place = 0;
    if (!make_room(&r->w, (size_t)text.size + 2)) return -1;
    for (; text.kind ? place < text.size : at < end; place++) {
        uint32_t c;
        if (text.kind) c = PyUnicode_READ(text.kind, text.data, place); else at += decode(at, end, &c);
        int stop = ends_sentence(c);
        if (begin < 0 && stop) continue;
        if (begin < 0) begin = place, begin_symbols(&r->w);
        put_symbol(&r->w, c, place);
        if (!stop) continue;
        if (read_sentence(r, row, begin, place + 1)) return -1;
        begin = -1;
    }
    return begin < 0 ? 0 : read_sentence(r, row, begin, place);
}

static PyObject *list_sentences(const Reader *r) {
    PyObject *list = PyList_New((Py_ssize_t)r->count);
    for (size_t i = 0; list && i < r->count; i++) {
        PyObject *row = Py_BuildValue("(iii)", (int)r->found[i].row, (int)r->found[i].begin, (int)r->found[i].end);
        if (!row) Py_CLEAR(list);
        else PyList_SET_ITEM(list, (Py_ssize_t)i, row);
    }
    return list;
}

/* `memory` is a buffer of zeros at first, a power of two in length. */
static PyObject *read_texts(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *source, *list = NULL;
    Py_buffer memory;
    Reader r = {0};
    int failed = 0;
    if (!PyArg_ParseTuple(args, "OOw*i", &model, &source, &memory, &r.least)) return NULL;
    const Opened *o = PyCapsule_GetPointer(model, OPENED_MODEL);
    Texts texts = {0};
    if (!o || open_texts(&texts, source)) goto done;
    if (memory.len < 8 || (memory.len & (memory.len - 1))) { PyErr_SetString(PyExc_ValueError, "the memory is no power of two"); goto done; }
    r.w.m = &o->m, r.memory = memory.buf, r.mask = (uint64_t)memory.len / 8 - 1;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < texts.count && !failed; row++) failed = read_text(&r, (int32_t)row, text_at(&texts, row));
    Py_END_ALLOW_THREADS
    list = failed ? PyErr_NoMemory() : list_sentences(&r);
done:
    close_texts(&texts);
    close_work(&r.w);
    free(r.found);
    PyBuffer_Release(&memory);
    return list;
}

/* ---- two texts that differ ----------------------------------------------------------------------------------------------------------- */

enum { WIDTH = 20, MOST = 1 << (WIDTH - 1) }; /* a gain that is kept has so many bits */

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

/* What makes a difference of two texts: what stands there and REACH symbols on each side, and what stands there instead. */
static uint64_t digest_of(const Version *plain, const Version *better, int first, int from, int last) {
    uint64_t digest = (uint64_t)(from - first) << 24 | (uint64_t)(plain->to - from) << 16 | (uint64_t)(last - first) << 8 | (uint64_t)(better->to - from);
    for (int i = first; i < last; i++) digest = mix(digest, plain->x[i]);
    for (int i = from; i < better->to; i++) digest = mix(digest, better->x[i]);
    return digest ^ digest >> 32;
}

/* How much more expected `better` is than `plain`: only the windows that see the difference are counted, those beside it once for both. Official texts ask
 * the same again and again, so answers are kept, in one word each: the gain, and what tells questions apart that have the same place. */
static int32_t gain_of(const Model *m, Version *plain, Version *better) {
    int from = 0, same = 0, least = plain->n < better->n ? plain->n : better->n;
    while (from < least && plain->x[from] == better->x[from]) from++;
    while (same < least - from && plain->x[plain->n - 1 - same] == better->x[better->n - 1 - same]) same++;
    plain->to = plain->n - same, better->to = better->n - same;
    int first = from < REACH ? 0 : from - REACH, last = plain->to + REACH < plain->n ? plain->to + REACH : plain->n, shift = better->n - plain->n;
    uint64_t digest = digest_of(plain, better, first, from, last) | 1, *kept = m->gains + (digest >> (64 - GAINS));
    uint64_t known = __atomic_load_n(kept, __ATOMIC_RELAXED), mark = digest << WIDTH;
    if (known >> WIDTH == mark >> WIDTH) return (int32_t)(known & (((uint64_t)1 << WIDTH) - 1)) - MOST;
    for (int k = 1; k <= ORDER; k++) plain->level[k] = plain->rows[k], better->level[k] = better->rows[k];
    count(m, plain->x, last, plain->level, first, last);
    for (int k = 1; k <= ORDER; k++) {
        for (int j = first; j < from; j++) better->rows[k][j] = plain->rows[k][j];
        for (int j = plain->to; j < last; j++) better->rows[k][j + shift] = plain->rows[k][j];
    }
    count(m, better->x, last + shift, better->level, from, better->to);
    int32_t gain = sum_near(m, better, from) - sum_near(m, plain, from);
    if (gain >= -MOST && gain < MOST) __atomic_store_n(kept, mark | (uint64_t)(gain + MOST), __ATOMIC_RELAXED);
    return gain;
}

/* The symbols of a short text; returns how many. */
static int read_symbols(const Model *m, const uint32_t *raw, long length, uint16_t *x) {
    int n = 0;
    for (long i = 0; i < length; i++) {
        uint16_t symbol = raw[i] < 65536 ? m->symbol[raw[i]] : m->symbol[0];
        if (symbol == SKIP || (symbol < SHIFT && n && x[n - 1] == symbol)) continue;
        x[n++] = symbol;
    }
    return n;
}

static int32_t gain_between(const Weigher *self, const uint32_t *plain, long plain_size, const uint32_t *better, long better_size) {
    const Model *m = &((const Opened *)self)->m;
    Version before, after;
    before.n = read_symbols(m, plain, plain_size, before.x);
    after.n = read_symbols(m, better, better_size, after.x);
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
        Work w;
        int fine = open_work(&w, model, texts[i]);
        if (fine) sums[i] = total(&w);
        close_work(&w);
        if (!fine) return NULL;
    }
    return PyLong_FromLongLong(sums[1] - sums[0]);
}

/* ---- where words begin: the arithmetic of borders.py ------------------------------------------------------------------------------------ */

enum { BY_ITSELF = 4 << 8, NO_WORD = -(1 << 28) }; /* what a character that stands alone costs beside how rare it is */

static int32_t commonness(const Model *m, const uint16_t *x, int size) {
    if (size == 1) return x[0] < SHIFT ? 0 : log_of(m, m->share[level_of(m, x, 1)]) - BY_ITSELF;
    for (int k = 0; k < size; k++) if (x[k] < SHIFT) return NO_WORD;
    uint8_t level = is_word(m, x, size) ? level_of(m, x, size) : 0;
    return level ? log_of(m, m->share[level]) : NO_WORD;
}

/* For each place of a text the weight of its best cut up to there, and where its last word begins. */
static void cut_words(const Model *m, const uint16_t *x, int n, int32_t *best, int *before) {
    best[0] = 0;
    for (int end = 1; end <= n; end++) {
        best[end] = NO_WORD, before[end] = 0;
        for (int begin = end < LONGEST ? 0 : end - LONGEST; begin < end; begin++) {
            int32_t weight = commonness(m, x + begin, end - begin);
            if (weight != NO_WORD && best[begin] + weight > best[end]) best[end] = best[begin] + weight, before[end] = begin;
        }
    }
}

static PyObject *border_loss(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text;
    Py_ssize_t at;
    if (!PyArg_ParseTuple(args, "OUn", &model, &text, &at)) return NULL;
    const Opened *o = PyCapsule_GetPointer(model, OPENED_MODEL);
    Py_ssize_t size = PyUnicode_GetLength(text);
    if (!o) return NULL;
    if (size > BRIEF || at < 0 || at > size) return PyErr_SetString(PyExc_ValueError, "the text is too long, or the place is not in it"), NULL;
    uint16_t x[BRIEF];
    int32_t whole[BRIEF + 1], rest[BRIEF + 1];
    int before[BRIEF + 1];
    for (Py_ssize_t i = 0; i < size; i++) x[i] = class_of(PyUnicode_READ_CHAR(text, i));
    cut_words(&o->m, x, (int)size, whole, before);
    cut_words(&o->m, x + at, (int)(size - at), rest, before);
    return PyLong_FromLong(whole[size] - (whole[at] + rest[size - at]));
}

static PyObject *border_cut(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *model, *text;
    if (!PyArg_ParseTuple(args, "OU", &model, &text)) return NULL;
    const Opened *o = PyCapsule_GetPointer(model, OPENED_MODEL);
    Py_ssize_t size = PyUnicode_GetLength(text);
    if (!o) return NULL;
    if (size > BRIEF) return PyErr_SetString(PyExc_ValueError, "the text is too long"), NULL;
    uint16_t x[BRIEF];
    int32_t best[BRIEF + 1];
    int before[BRIEF + 1];
    for (Py_ssize_t i = 0; i < size; i++) x[i] = class_of(PyUnicode_READ_CHAR(text, i));
    cut_words(&o->m, x, (int)size, best, before);
    PyObject *places = PyList_New(0);
    for (int at = (int)size; places; at = before[at]) {
        PyObject *place = PyLong_FromLong(at);
        if (!place || PyList_Append(places, place) < 0) Py_CLEAR(places);
        Py_XDECREF(place);
        if (at == 0) break;
    }
    if (places && PyList_Reverse(places) < 0) Py_CLEAR(places);
    return places;
}

static PyMethodDef methods[] = {
    {"border_cut", border_cut, METH_VARARGS, "border_cut(model, text) -> the places where the words of the likeliest cut begin, and the end"},
    {"border_loss", border_loss, METH_VARARGS, "border_loss(model, text, at) -> what the best cut into words loses where one must begin there"},
    {"open", open_once, METH_O, "open(buffer) -> a model that the other functions take"},
    {"look_through", look_through, METH_VARARGS, "look_through(model, text, features) -> [(start, end, kind, score, code, code), …]"},
    {"read", read_texts, METH_VARARGS, "read(model, texts, memory, least score) -> [(row, start, end), …] of the sentences in which a place has that score"},
    {"gain", gain, METH_VARARGS, "gain(model, plain, better) -> weigh(better) - weigh(plain)"},
    {"weigh", weigh_text, METH_VARARGS, "weigh(model, text) -> log2 of how expected the text is, forward and backward, in 1/256 bits"},
    {NULL, NULL, 0, NULL},
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_typos", NULL, 0, methods, NULL, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit__typos(void) { return PyModule_Create(&module); }
