/* Finds many terms, and phrases with one character wrong, in one pass over text: the fast engine of matcher.py, which says what is found.
 *
 * Filter, then verify. A text is decoded into an array of code points and folded into another, with the place of each. At every place two words are read
 * from bitmaps, without a branch: may a string of two characters stand here, or one of three, or one that begins with these four? What passes (one place
 * in ten) is asked again with five characters and a better hash. What is left (one in two hundred) looks up its beginning in a hash table, which gives the
 * range of the sorted strings that begin so, and narrows that range character by character; what it will need from memory is asked for beforehand.
 * Where the processor has AVX2, the steps before that look-up take eight characters at a time (wide.h). Nothing is written after building, so threads may
 * share a scanner; the interpreter's lock is released while scanning.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "texts.h"
#include "weigher.h"
#include "wide.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SAME, CHANGED, ADDED, LOST };        /* as in matcher.py */
enum { TERM, FIRST_HALF, SECOND_HALF };     /* what a string may be */
enum { DIGITS = 7, BLOCK = 512 };           /* a run of so many digits is worth a look; places filtered at a time */
enum { AROUND = 8 };                        /* characters on each side that the typo model weighs a near match with, as in variants.py */
enum { HEAD = 4 };                          /* strings of so many characters or more are kept by so many, shorter ones whole */

typedef struct { int32_t mistaken, other, added, lost; } Least; /* as in matcher.py */
typedef struct { uint32_t from, to; } Pair; /* far folding; `to` is UINT32_MAX where skipped */
typedef struct { uint32_t tag, at, low, high; } Bucket; /* what begins so: place in the pool, range of sorted strings */
typedef struct { int32_t start, end, number, how, at; } Found;
/* Of a string. For a part, the three characters that stand beside it in the phrase, nearest first (0: there are only two), whether there are more, and
 * how many characters of the string are no part of it: a part of two is looked for with one of those beside it. */
typedef struct { int32_t number; int8_t side, more, over; uint32_t beside[3]; } Use;
typedef struct { Found *items; size_t count, room; } Findings;
enum { ROOM_BEFORE = 8 };                   /* zeros before a folded text, so that looking back needs no test */
/* A text as read, folded (in `ground`, behind some zeros), and where each of these was read. */
typedef struct { uint32_t *codes, *ground, *folded; int32_t *place; long read; size_t room; } Scratch;

typedef struct {
    PyObject_HEAD
    uint16_t fold[65536];
    int wide;                               /* whether this processor reads eight characters at a time */
    Pair *far; uint32_t far_count;
    uint8_t single[65536]; int singles;     /* whether a string of one character is this one; whether there are such strings */
    Map two, more, sure;                    /* terms of two characters; longer strings, by their first four; all again, longest by five */
    Map gapped;                             /* parts of two characters with one that stands beside them, but for the nearest: AB?D, A?CD */
    uint32_t *pool; uint32_t *offset; uint32_t strings;     /* sorted */
    Bucket *buckets; uint32_t mask;         /* by the first HEAD characters, or all where there are fewer */
    uint32_t *use_offset; Use *uses;        /* of each string, what it may be */
    uint32_t *phrase_pool, *phrase_offset; uint32_t phrases; int32_t terms;
    int32_t *cut;                           /* of each phrase: how long its first part is */
    uint32_t *right_pool, *right_offset; uint32_t rights; uint32_t *right_at, right_mask;  /* right phrases, and a hash table of their numbers + 1 */
    int32_t *set_of; uint32_t *set_pool, *set_offset; uint32_t sets;  /* of each phrase character: which sorted set is taken for it, -1: none */
    uint8_t *open;                          /* of each phrase character: whether any other makes the phrase a wrong one */
    Least *least;                           /* of each phrase character: the gains that a wrong phrase must have at least */
    int32_t *doubled, doubled_from, doubled_to, least_doubled; /* terms that are phrases with an end twice: number of the phrase * 2 + which end */
    int32_t *behind;                        /* of each term: number of a set * 4 + reach: one of these must stand among so many before it; 0: nothing */
    PyObject *opened; const Weigher *weigher; /* the typo model, or none */
    size_t bytes;
} Scanner;

typedef struct { int32_t start, end; uint32_t string; } Stood; /* a string that stands in the text */
typedef struct { Stood items[BLOCK]; long count; } Standing;
typedef struct { const Scanner *s; const Scratch *text; const uint32_t *f; const int32_t *place; long n; Findings *out; } Job; /* one text, folded */

/* The hash of the characters so far and one more. */
static inline uint64_t mix(uint64_t hash, uint32_t c) { hash = (hash ^ c) * 0x9E3779B97F4A7C15ull; return hash ^ (hash >> 32); }
/* The same for a few characters: a sum of products, none of which waits for another. The upper half finds a word of a bitmap and is the tag of a bucket,
 * the lower half finds the rest. */
static const uint64_t FACTOR[HEAD + 1] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB};
/* A part of two characters with one that stands before or behind it, but for the nearest. */
static inline uint64_t gap_behind(uint32_t a, uint32_t b, uint32_t d) { return a * FACTOR[0] + b * FACTOR[2] + d * FACTOR[1]; }
static inline uint64_t gap_before(uint32_t a, uint32_t c, uint32_t d) { return a * FACTOR[4] + c * FACTOR[0] + d * FACTOR[3]; }
static inline uint64_t hash_of(const uint32_t *c, long characters)
{
    uint64_t hash = 0;
    for (long k = 0; k < characters; k++) hash += c[k] * FACTOR[k];
    return hash;
}
/* Whether both bits are set that a hash chooses of one word: one in some hundred is set by chance. */
static inline uint32_t bits(Map map, uint64_t hash)
{
    uint32_t word = word_of(map, (uint32_t)(hash >> 32));
    return word >> (hash & 31) & word >> (hash >> 5 & 31) & 1;
}
static inline void set_bit(Map map, uint32_t hash, uint32_t at) { map.words[hash >> 5 & map.mask] |= (uint32_t)1 << (at & 31); }
static inline void set_pair(Map map, uint32_t hash, uint32_t pair) { set_bit(map, hash, pair); set_bit(map, hash, pair >> 9); }
static inline void set_bits(Map map, uint64_t hash) { set_bit(map, (uint32_t)(hash >> 32), (uint32_t)hash); set_bit(map, (uint32_t)(hash >> 32), (uint32_t)(hash >> 5)); }
static inline int is_han(uint32_t c) { return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x3FFFF); }
static inline int is_digit(uint32_t c) { return c - '0' < 10; }

static uint32_t fold_far(const Scanner *s, uint32_t code)
{
    uint32_t low = 0, high = s->far_count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->far[middle].from < code) low = middle + 1; else high = middle;
    }
    return low < s->far_count && s->far[low].from == code ? s->far[low].to : code;
}

/* ---- what is found ---------------------------------------------------------------------------------------------------------------- */

static int add(Findings *out, int32_t start, int32_t end, int32_t number, int32_t how, int32_t at)
{
    if (out->count == out->room) {
        size_t room = out->room ? out->room * 2 : 64;
        Found *items = realloc(out->items, room * sizeof *items);
        if (!items) return -1;
        out->items = items; out->room = room;
    }
    out->items[out->count++] = (Found){start, end, number, how, at};
    return 0;
}

static int by_place(const void *left, const void *right)
{
    const int32_t *a = left, *b = right;
    for (int i = 0; i < 5; i++) if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

/* Sorts what was found since `from`; of several explanations of one place the first stands. */
static void settle(Findings *out, size_t from)
{
    size_t kept = from;
    if (out->count - from < 2) return;
    qsort(out->items + from, out->count - from, sizeof *out->items, by_place);
    for (size_t i = from; i < out->count; i++)
        if (kept == from || memcmp(&out->items[i], &out->items[kept - 1], 3 * sizeof(int32_t))) out->items[kept++] = out->items[i];
    out->count = kept;
}

/* How the text from `at` on, read in direction `step`, begins with something one character away from `rest` (see compare() in matcher.py). */
static int compare(const uint32_t *rest, long size, const uint32_t *text, long at, long limit, long step, long *where)
{
    long i = 0, left = step > 0 ? limit - at : at - limit, j;  /* `limit` is the first place that is no text any more */
#define R(k) rest[step > 0 ? (k) : size - 1 - (k)]
#define T(k) text[at + step * (k)]
    while (i < size && i < left && R(i) == T(i)) i++;
    if (i == size) return SAME;
    *where = i;
    if (i < left && is_han(T(i))) {
        if (size + 1 <= left) {
            for (j = i; j < size && R(j) == T(j + 1); j++) {}
            if (j == size) return ADDED;
        }
        if (size <= left) {
            for (j = i + 1; j < size && R(j) == T(j); j++) {}
            if (j == size) return CHANGED;
        }
    }
    if (size - 1 <= left) {
        for (j = i + 1; j < size && R(j) == T(j - 1); j++) {}
        if (j == size) return LOST;
    }
    return SAME;
#undef R
#undef T
}

/* Where a right phrase is in the table of right ones, or could be put. */
static uint32_t right_slot(const Scanner *s, const uint32_t *text, long size)
{
    uint64_t hash = 0;
    for (long i = 0; i < size; i++) hash = mix(hash, text[i]);
    for (uint32_t at = (uint32_t)(hash >> 32) & s->right_mask;; at = (at + 1) & s->right_mask) {
        if (!s->right_at[at]) return at;
        const uint32_t *from = s->right_offset + s->right_at[at] - 1;
        if (from[1] - from[0] == size && !memcmp(s->right_pool + from[0], text, size * sizeof *text)) return at;
    }
}

static int is_in_set(const Scanner *s, int32_t set, uint32_t c)
{
    if (set < 0) return 0;
    uint32_t low = s->set_offset[set], end = s->set_offset[set + 1], high = end;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (s->set_pool[middle] < c) low = middle + 1; else high = middle;
    }
    return low < end && s->set_pool[low] == c;
}

typedef struct { long start, end; int32_t number; int how; long at; } Near;

/* What the model says for the phrase in place of what stands there, but for so many characters at its ends (see Variants.of). */
static int32_t gain(const Job *job, const Near *near, long first, long last)
{
    const Scanner *s = job->s;
    const uint32_t *phrase = s->phrase_pool + s->phrase_offset[near->number];
    long size = s->phrase_offset[near->number + 1] - s->phrase_offset[near->number], here = near->end - near->start;
    long start = job->place[near->start], end = job->place[near->end - 1] + 1, n = 0, m = 0;
    long before = start < AROUND ? start : AROUND, after = job->text->read - end < AROUND ? job->text->read - end : AROUND;
    uint32_t plain[BRIEF], better[BRIEF];
#define PUT(to, count, from, many) do { memcpy(to + count, from, (many) * sizeof(uint32_t)); count += many; } while (0)
    PUT(plain, n, job->text->codes + start - before, before);
    PUT(better, m, job->text->codes + start - before, before);
    PUT(plain, n, job->f + near->start, here);
    PUT(better, m, job->f + near->start, first);
    PUT(better, m, phrase, size);
    PUT(better, m, job->f + near->end - last, last);
    PUT(plain, n, job->text->codes + end, after);
    PUT(better, m, job->text->codes + end, after);
#undef PUT
    return s->weigher->gain(s->weigher, plain, n, better, m);
}

/* Whether a near match is worth a look: all that variants.py would turn down by these tests is turned down here. */
static int is_likely(const Job *job, const Near *near)
{
    const Scanner *s = job->s;
    const uint32_t *here = job->f + near->start;
    long at = near->at, size = near->end - near->start, place = s->phrase_offset[near->number] + at;
    const Least *least = &s->least[place];
    int mistaken = near->how == CHANGED && is_in_set(s, s->set_of[place], here[at]);
    if (near->how == CHANGED && !mistaken && !s->open[place]) return 0;
    if (s->right_at[right_slot(s, here, size)]) return 0;
    if (!s->weigher || size + 1 + 2 * AROUND > BRIEF) return 1;
    if (near->how == LOST) return gain(job, near, 0, 0) >= least->lost;
    if (near->how == ADDED) {
        int twice = here[at] == here[at - 1] || here[at] == here[at + 1];
        return gain(job, near, 0, 0) >= (twice ? s->least_doubled : least->added);
    }
    int32_t asked = mistaken ? least->mistaken : least->other;
    if (asked != INT32_MAX && gain(job, near, 0, 0) >= asked) return 1;
    if (at && at != size - 1) return 0;
    /* at an end the character may as well be lost, and what stands there belong to the next word */
    return !s->right_at[right_slot(s, here + (at == 0), size - 1)] && gain(job, near, at == 0, at != 0) >= least->lost;
}

/* A phrase stands there with its first or last character twice. */
static int is_likely_doubled(const Job *job, long start, long end, int32_t number)
{
    int32_t which = job->s->doubled[number - job->s->doubled_from];
    Near near = {start, end, which >> 1, ADDED, which & 1 ? end - start - 1 : 0};
    return !job->s->weigher || end - start + 2 * AROUND > BRIEF || gain(job, &near, 0, 0) >= job->s->least_doubled;
}

static int compare_half(const Job *job, long start, long end, int32_t number, int side)
{
    static const long growth[] = {0, 0, 1, -1};
    const Scanner *s = job->s;
    const uint32_t *phrase = s->phrase_pool + s->phrase_offset[number];
    long size = s->phrase_offset[number + 1] - s->phrase_offset[number], first = s->cut[number], second = size - first, at;
    int how;
    if (side == FIRST_HALF) {
        if ((how = compare(phrase + first, second, job->f, end, job->n, 1, &at)) == SAME) return 0;
        end += second + growth[how]; at += first;
    } else {
        if ((how = compare(phrase, first, job->f, start - 1, -1, -1, &at)) == SAME) return 0;
        at = first + growth[how] - at - (how != LOST);
        start -= first + growth[how];
    }
    Near near = {start, end, number, how, at};
    return is_likely(job, &near) ? add(job->out, job->place[start], job->place[end - 1] + 1, s->terms + number, how, (int32_t)at) : 0;
}

/* Whether a term stands behind something that it counts behind. */
static int is_called(const Job *job, long start, int32_t number)
{
    int32_t asked = job->s->behind[number];
    for (long at = start - 1; at >= 0 && at >= start - (asked & 3); at--)
        if (is_in_set(job->s, asked >> 2, job->f[at])) return 1;
    return !asked;
}

/* Whether a, b and c beside a half may be one character away from what stands beside it in the phrase: compare() for the three nearest. Most phrases are
 * written right, and most of what begins like one is another word, so this says no nearly always. */
static inline int may_be_near(const Use *use, uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t first = use->beside[0], second = use->beside[1], third = use->beside[2];
    if (a == first && b == second) return third && (c != third || use->more);
    if (a == first) return !third || c == second || c == third || b == third;
    return (b == first && c == second) || (b == second && (!third || c == third)) || (a == second && (!third || b == third));
}

/* A string that stands in the text: what it may be. */
static int emit(const Job *job, long start, long end, uint32_t string)
{
    const Scanner *s = job->s;
    for (const Use *use = s->uses + s->use_offset[string], *last = s->uses + s->use_offset[string + 1]; use < last; use++) {
        const uint32_t *first = job->f + start + use->over, *behind = job->f + end - use->over;
        if (use->side == FIRST_HALF) {
            if (may_be_near(use, behind[0], behind[1], behind[2]) && compare_half(job, start, end - use->over, use->number, use->side)) return -1;
        } else if (use->side == SECOND_HALF) {
            if (may_be_near(use, first[-1], first[-2], first[-3]) && compare_half(job, start + use->over, end, use->number, use->side)) return -1;
        } else {
            if (!is_called(job, start, use->number)) continue;
            if (use->number >= s->doubled_from && use->number < s->doubled_to && !is_likely_doubled(job, start, end, use->number)) continue;
            if (add(job->out, job->place[start], job->place[end - 1] + 1, use->number, SAME, 0)) return -1;
        }
    }
    return 0;
}

static inline uint32_t slot_of(const Scanner *s, uint64_t hash) { return (uint32_t)(hash >> 6) & s->mask; }

/* The bucket of the strings that begin with (or, of fewer than HEAD characters, are) these; an empty one where there are none. */
static const Bucket *bucket(const Scanner *s, uint64_t hash, const uint32_t *c, long characters)
{
    uint32_t tag = ((uint32_t)(hash >> 32) & ~3u) | (uint32_t)(characters - 1);
    for (uint32_t at = slot_of(s, hash);; at = (at + 1) & s->mask) {
        const Bucket *b = &s->buckets[at];
        if (!b->high || (b->tag == tag && !memcmp(s->pool + b->at, c, characters * sizeof *c))) return b;
    }
}

/* Emits what was found, when all that it needs from memory was asked for. */
static int emit_all(const Job *job, Standing *standing)
{
    const Scanner *s = job->s;
    const Stood *last = standing->items + standing->count;
    standing->count = 0;
    for (const Stood *one = standing->items; one < last; one++) __builtin_prefetch(s->uses + s->use_offset[one->string]);
    for (const Stood *one = standing->items; one < last; one++)
        if (emit(job, one->start, one->end, one->string)) return -1;
    return 0;
}

static int note(const Job *job, Standing *standing, long start, long end, uint32_t string)
{
    __builtin_prefetch(job->s->use_offset + string);
    standing->items[standing->count++] = (Stood){(int32_t)start, (int32_t)end, string};
    return standing->count == BLOCK ? emit_all(job, standing) : 0;
}

/* The string of exactly so many characters, fewer than HEAD. */
static int find_short(const Job *job, Standing *standing, long start, uint64_t hash, long characters)
{
    if (start + characters > job->n) return 0;
    const Bucket *b = bucket(job->s, hash, job->f + start, characters);
    return b->high ? note(job, standing, start, start + characters, b->low) : 0;
}

/* All strings of HEAD characters or more that begin at `start`. */
static int find_long(const Job *job, Standing *standing, long start, uint64_t hash)
{
    const Scanner *s = job->s;
    const uint32_t *f = job->f;
    long n = job->n;
    if (start + HEAD > n) return 0;
    const Bucket *b = bucket(s, hash, f + start, HEAD);
    uint32_t low = b->low, high = b->high;
    for (long depth = HEAD; low < high; depth++) {
        if (s->offset[low + 1] - s->offset[low] == depth) {
            if (note(job, standing, start, start + depth, low)) return -1;
            low++;
        }
        if (low >= high || start + depth >= n) return 0;
        uint32_t c = f[start + depth], from = low, to = high;
        while (from < to) {
            uint32_t middle = (from + to) / 2;
            if (s->pool[s->offset[middle] + depth] < c) from = middle + 1; else to = middle;
        }
        low = from; to = high;
        while (from < to) {
            uint32_t middle = (from + to) / 2;
            if (s->pool[s->offset[middle] + depth] <= c) from = middle + 1; else to = middle;
        }
        high = from;
    }
    return 0;
}

/* ---- scanning ---------------------------------------------------------------------------------------------------------------------- */

typedef struct { uint64_t two, three, four; uint32_t at, kinds; } Candidate; /* kinds, a bit each: of two, of three, longer; of two, two places on */

/* The places of a block where something may begin, as the bitmaps say. */
static __attribute__((noinline)) long sift(const Scanner *s, const uint32_t *f, long places, Candidate *kept)
{
    uint16_t passed[BLOCK + RUN];
    long some = (s->wide ? filter_wide : filter_plain)(s->two, s->gapped, s->more, f, places, passed), count = 0;
    for (long k = 0; k < some; k++) {
        uint32_t i = passed[k];
        uint64_t h2 = f[i] * FACTOR[0] + f[i + 1] * FACTOR[1], h3 = h2 + f[i + 2] * FACTOR[2];
        uint64_t h4 = h3 + f[i + 3] * FACTOR[3], h5 = h4 + f[i + 4] * FACTOR[4];
        uint32_t kinds = bits(s->sure, h2) | bits(s->sure, h3) << 1 | (bits(s->sure, h4) | bits(s->sure, h5)) << 2;
        if (s->gapped.words)
            kinds |= bits(s->sure, gap_behind(f[i], f[i + 1], f[i + 3])) | bits(s->sure, gap_before(f[i], f[i + 2], f[i + 3])) << 3;
        kept[count] = (Candidate){h2, h3, h4, i, kinds};
        count += kinds != 0;
    }
    return count;
}

/* `n` folded characters of a text are in `scratch`. */
static int scan(const Scanner *s, const Scratch *scratch, long n, Findings *out)
{
    const uint32_t *f = scratch->folded;
    const int32_t *place = scratch->place;
    Job job = {s, scratch, f, place, n, out};
    Candidate kept[BLOCK + 1];
    Standing standing;
    size_t from = out->count;
    standing.count = 0;
    memset(scratch->folded + n, 0, (PAST + 1) * sizeof(uint32_t));
    for (long block = 0; s->strings && block < n; block += BLOCK) {
        long count = sift(s, f + block, block + BLOCK < n ? BLOCK : n - block, kept);
        for (long k = 0; k < count; k++)
            __builtin_prefetch(&s->buckets[slot_of(s, kept[k].kinds & 4 ? kept[k].four : kept[k].kinds & 2 ? kept[k].three : kept[k].two)]);
        for (long k = 0; k < count; k++) {
            const Candidate *c = &kept[k];
            if ((c->kinds & 1 && find_short(&job, &standing, block + c->at, c->two, 2))
                || (c->kinds & 2 && find_short(&job, &standing, block + c->at, c->three, 3))
                || (c->kinds & 4 && find_long(&job, &standing, block + c->at, c->four))
                || (c->kinds & 8 && find_short(&job, &standing, block + c->at + 2, hash_of(f + block + c->at + 2, 2), 2))) return -1;
        }
        if (emit_all(&job, &standing)) return -1;
    }
    for (long i = 0; s->singles && i < n; i++)              /* strings of one character, such as @ */
        if ((f[i] >= 65536 || s->single[f[i]]) && find_short(&job, &standing, i, f[i] * FACTOR[0], 1)) return -1;
    if (emit_all(&job, &standing)) return -1;
    for (long i = DIGITS - 1; i < n; i += DIGITS) {         /* a run of DIGITS digits has one at every DIGITS-th place */
        long low = i, high = i;
        if (!is_digit(f[i])) continue;
        while (low > 0 && is_digit(f[low - 1])) low--;
        while (high < n && is_digit(f[high])) high++;
        if (high - low >= DIGITS && add(out, place[low], place[high - 1] + 1, s->terms + (int32_t)s->phrases, SAME, 0)) return -1;
        i += (high - i) / DIGITS * DIGITS;
    }
    settle(out, from);
    return 0;
}

static int make_room(Scratch *scratch, size_t characters)
{
    if (characters + PAST + 1 <= scratch->room) return 0;
    free(scratch->codes); free(scratch->ground); free(scratch->place);
    scratch->room = characters + characters / 2 + 64;
    scratch->codes = malloc(scratch->room * sizeof(uint32_t));
    scratch->ground = calloc(scratch->room + ROOM_BEFORE, sizeof(uint32_t));
    scratch->place = malloc(scratch->room * sizeof(int32_t));
    scratch->folded = scratch->ground + ROOM_BEFORE;
    return scratch->codes && scratch->ground && scratch->place ? 0 : -1;
}

static void free_scratch(Scratch *scratch) { free(scratch->codes); free(scratch->ground); free(scratch->place); }

static long read_codes(const Scanner *s, uint32_t *codes, Text text)
{
    const uint8_t *data = text.data;
    if (!text.kind) return (s->wide ? decode_wide : decode_plain)(data, data + text.size, codes);
    if (text.kind == PyUnicode_1BYTE_KIND) for (long i = 0; i < text.size; i++) codes[i] = data[i];
    else if (text.kind == PyUnicode_2BYTE_KIND) for (long i = 0; i < text.size; i++) codes[i] = ((const Py_UCS2 *)text.data)[i];
    else memcpy(codes, text.data, text.size * sizeof *codes);
    return text.size;
}

/* Folds some characters one by one; what is skipped leaves no gap. */
static long fold_some(const Scanner *s, const Scratch *scratch, long from, long to, long kept)
{
    for (long i = from; i < to; i++) {
        uint32_t code = scratch->codes[i], folded = code < 65536 ? s->fold[code] : FAR;
        if (folded == FAR) folded = fold_far(s, code); else if (folded == SKIP) folded = UINT32_MAX;
        scratch->folded[kept] = folded;
        scratch->place[kept] = (int32_t)i;
        kept += folded != UINT32_MAX;
    }
    return kept;
}

/* Reads a text and folds it: all by the table, then those runs one by one in which one is skipped or far. The others only move up. */
static long fold_text(const Scanner *s, Scratch *scratch, Text text)
{
    long n = scratch->read = read_codes(s, scratch->codes, text), kept = 0, i = 0;
    if (s->wide) {
        look_up(s->fold, scratch->codes, scratch->folded, n);
        while (i + RUN <= n) {
            i = move_up(scratch->codes, scratch->folded, scratch->place, i, n, &kept);
            if (i + RUN <= n) { kept = fold_some(s, scratch, i, i + RUN, kept); i += RUN; }
        }
    }
    return fold_some(s, scratch, i, n, kept);
}

/* ---- building ------------------------------------------------------------------------------------------------------------------------ */

static const uint32_t *sort_pool, *sort_offset;
static int by_text(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    uint32_t la = sort_offset[a + 1] - sort_offset[a], lb = sort_offset[b + 1] - sort_offset[b], n = la < lb ? la : lb;
    const uint32_t *pa = sort_pool + sort_offset[a], *pb = sort_pool + sort_offset[b];
    for (uint32_t i = 0; i < n; i++) if (pa[i] != pb[i]) return pa[i] < pb[i] ? -1 : 1;
    return la == lb ? 0 : la < lb ? -1 : 1;
}

/* The code points of a list of strings in one array. */
static int read_strings(PyObject *list, uint32_t **pool, uint32_t **offset, uint32_t *count)
{
    Py_ssize_t n = PyList_GET_SIZE(list), total = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *text = PyList_GET_ITEM(list, i);
        if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "strings must be str"); return -1; }
        total += PyUnicode_GET_LENGTH(text);
    }
    if (total > INT32_MAX || n > INT32_MAX / 8) { PyErr_SetString(PyExc_OverflowError, "too many strings"); return -1; }
    *count = (uint32_t)n;
    *pool = malloc((total + 1) * sizeof(uint32_t));
    *offset = malloc((n + 1) * sizeof(uint32_t));
    if (!*pool || !*offset) { PyErr_NoMemory(); return -1; }
    total = 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        PyObject *text = PyList_GET_ITEM(list, i);
        Py_ssize_t length = PyUnicode_GET_LENGTH(text);
        (*offset)[i] = (uint32_t)total;
        for (Py_ssize_t k = 0; k < length; k++) (*pool)[total++] = PyUnicode_READ_CHAR(text, k);
    }
    (*offset)[n] = (uint32_t)total;
    return 0;
}

static int read_folding(Scanner *s, PyObject *table)
{
    PyObject *key, *value; Py_ssize_t position = 0;
    for (uint32_t c = 0; c < 65536; c++) s->fold[c] = c >= FAR ? FAR : (uint16_t)c;
    s->far = malloc((PyDict_GET_SIZE(table) + 1) * sizeof(Pair));
    if (!s->far) { PyErr_NoMemory(); return -1; }
    while (PyDict_Next(table, &position, &key, &value)) {
        unsigned long from = PyLong_AsUnsignedLong(key), to = value == Py_None ? UINT32_MAX : PyLong_AsUnsignedLong(value);
        if (PyErr_Occurred()) return -1;
        if (from < FAR && (to < FAR || to == UINT32_MAX)) s->fold[from] = to == UINT32_MAX ? SKIP : (uint16_t)to;
        else {
            if (from < FAR) s->fold[from] = FAR;
            uint32_t at = s->far_count++;
            for (; at > 0 && s->far[at - 1].from > from; at--) s->far[at] = s->far[at - 1];
            s->far[at] = (Pair){(uint32_t)from, (uint32_t)to};
        }
    }
    return 0;
}

/* A bitmap for so many strings: 32 bits a string or more while it fits into the nearest caches, else 16. */
static int make_map(Scanner *s, Map *map, uint64_t strings)
{
    int bits = 10;
    while (bits < 31 && (uint64_t)1 << bits < strings * (bits < 21 ? 32 : 16)) bits++;
    map->mask = ((uint32_t)1 << (bits - 5)) - 1;
    map->words = calloc((size_t)1 << (bits - 5), 4);
    s->bytes += (size_t)1 << (bits - 3);
    return map->words ? 0 : -1;
}

static Use read_use(const Scanner *s, int32_t packed)
{
    Use use = {packed >> 3, packed & 3, 0, packed >> 2 & 1, {0}};
    if (use.side == TERM) return use;
    const uint32_t *phrase = s->phrase_pool + s->phrase_offset[use.number];
    long size = s->phrase_offset[use.number + 1] - s->phrase_offset[use.number], half = s->cut[use.number];
    long rest = use.side == FIRST_HALF ? size - half : half;
    for (long k = 0; k < 3 && k < rest; k++) use.beside[k] = phrase[use.side == FIRST_HALF ? half + k : half - 1 - k];
    use.more = rest > 3;
    return use;
}

/* A string of two characters: a term may stand anywhere; a part of phrases is found with one of what stands next but one to it. What stands next to it
 * makes a string of three, which matcher.py gives. */
static void set_short(Scanner *s, uint32_t string, const uint32_t *c, uint64_t hash)
{
    for (uint32_t k = s->use_offset[string]; k < s->use_offset[string + 1]; k++) {
        const Use *use = &s->uses[k];
        if (use->side == TERM) { set_pair(s->two, pair_of(c[0], c[1]), pair_of(c[0], c[1])); set_bits(s->sure, hash); }
        else for (int i = 0; i < 2; i++) {
            uint32_t one = use->beside[i], first = use->side == FIRST_HALF ? c[0] : one, last = use->side == FIRST_HALF ? one : c[1];
            set_pair(s->gapped, pair_of(first, last), pair_of(c[0], c[1]));
            set_bits(s->sure, use->side == FIRST_HALF ? gap_behind(c[0], c[1], one) : gap_before(one, c[0], c[1]));
        }
    }
}

/* `uses` as matcher.py gives them, number << 3 | whether a character of the string is no part of it << 2 | what it may be, string by string; both are brought into the order of the sorted strings. */
static int build(Scanner *s, const int32_t *use_offset, const int32_t *uses)
{
    uint32_t n = s->strings, size = 16, of_length[HEAD + 1] = {0}, *order = malloc((n + 1) * sizeof(uint32_t));
    uint32_t *old_pool = s->pool, *old_offset = s->offset, total = old_offset[n];
    for (uint32_t i = 0; i < n; i++) of_length[old_offset[i + 1] - old_offset[i] < HEAD ? old_offset[i + 1] - old_offset[i] : HEAD]++;
    while (size < n / 2 * 3 + 2) size *= 2;
    s->use_offset = calloc(n + 1, sizeof(uint32_t));
    s->uses = malloc((use_offset[n] + 1) * sizeof(Use));
    s->pool = malloc((total + 1) * sizeof(uint32_t));
    s->offset = malloc((n + 1) * sizeof(uint32_t));
    s->buckets = calloc(size, sizeof(Bucket)); s->mask = size - 1;
    if (!order || !s->use_offset || !s->uses || !s->pool || !s->offset || !s->buckets || make_map(s, &s->two, of_length[2]) || make_map(s, &s->more, of_length[3] + of_length[HEAD])
        || make_map(s, &s->sure, n) || (s->phrases && make_map(s, &s->gapped, of_length[2]))) { free(order); free(old_pool); free(old_offset); return -1; }
    for (uint32_t i = 0; i < n; i++) order[i] = i;
    sort_pool = old_pool; sort_offset = old_offset;         /* the interpreter's lock is held */
    qsort(order, n, sizeof(uint32_t), by_text);
    for (uint32_t i = 0, at = 0; i < n; i++) {
        uint32_t length = old_offset[order[i] + 1] - old_offset[order[i]], to = s->use_offset[i];
        memcpy(s->pool + at, old_pool + old_offset[order[i]], length * sizeof(uint32_t));
        s->offset[i] = at; at += length;
        for (int32_t k = use_offset[order[i]]; k < use_offset[order[i] + 1]; k++) s->uses[to++] = read_use(s, uses[k]);
        s->use_offset[i + 1] = to;
    }
    s->offset[n] = total;
    free(order); free(old_pool); free(old_offset);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *c = s->pool + s->offset[i];
        uint32_t length = s->offset[i + 1] - s->offset[i], head = length < HEAD ? length : HEAD, pair = length > 1 ? pair_of(c[0], c[1]) : 0;
        uint64_t hash = hash_of(c, head);
        Bucket *b = (Bucket *)bucket(s, hash, c, head);
        if (!b->high) *b = (Bucket){((uint32_t)(hash >> 32) & ~3u) | (head - 1), s->offset[i], i, i + 1}; else b->high = i + 1;
        if (length == 1) { s->singles = 1; if (c[0] < 65536) s->single[c[0]] = 1; continue; }
        if (length == 2) { set_short(s, i, c, hash); continue; }
        set_pair(s->more, both(pair, pair_of(c[1], c[2])), length == 3 ? pair : pair_of(c[2], c[3]));
        if (length > HEAD) hash += c[HEAD] * FACTOR[HEAD];
        set_bits(s->sure, hash);
    }
    s->bytes += sizeof *s + size * sizeof(Bucket) + (total + 2 * (size_t)n) * 4 + use_offset[n] * sizeof(Use);
    return 0;
}

static int copy(PyObject *source, void **target, Py_ssize_t at_least)
{
    Py_buffer view;
    if (PyObject_GetBuffer(source, &view, PyBUF_SIMPLE)) return -1;
    *target = malloc(view.len + 4);
    if (*target) memcpy(*target, view.buf, view.len);
    int failed = !*target || view.len < at_least;
    PyBuffer_Release(&view);
    if (failed) PyErr_SetString(PyExc_ValueError, "not enough numbers");
    return failed ? -1 : 0;
}

static void scanner_dealloc(Scanner *s)
{
    free(s->far); free(s->two.words); free(s->more.words); free(s->sure.words); free(s->gapped.words); free(s->pool); free(s->offset); free(s->buckets);
    free(s->use_offset); free(s->uses); free(s->phrase_pool); free(s->phrase_offset); free(s->cut);
    free(s->right_pool); free(s->right_offset); free(s->right_at); free(s->set_of); free(s->set_pool); free(s->set_offset); free(s->open); free(s->least); free(s->doubled); free(s->behind);
    Py_XDECREF(s->opened);
    Py_TYPE(s)->tp_free((PyObject *)s);
}

/* (right, which set of each phrase character, the sets, which are open to any, four gains of each phrase character, doubled terms, number of the first of them,
 * gain that they must have, an opened typo model or None, what must stand before each term) */
static int read_narrowing(Scanner *s, PyObject *narrowing)
{
    PyObject *right, *set_of, *sets, *open, *least, *doubled, *behind; uint32_t size = 16, characters = s->phrase_offset[s->phrases];
    if (!PyArg_ParseTuple(narrowing, "O!OO!OOOiiOO", &PyList_Type, &right, &set_of, &PyList_Type, &sets, &open, &least, &doubled, &s->doubled_from, &s->least_doubled,
                          &s->opened, &behind)) { s->opened = NULL; return -1; }
    Py_INCREF(s->opened);
    if (s->opened != Py_None && !(s->weigher = PyCapsule_GetPointer(s->opened, OPENED_MODEL))) return -1;
    if (read_strings(right, &s->right_pool, &s->right_offset, &s->rights) || read_strings(sets, &s->set_pool, &s->set_offset, &s->sets)
        || copy(set_of, (void **)&s->set_of, characters * 4) || copy(open, (void **)&s->open, characters) || copy(least, (void **)&s->least, characters * sizeof *s->least)
        || copy(doubled, (void **)&s->doubled, 0) || copy(behind, (void **)&s->behind, s->terms * 4)) return -1;
    for (int32_t i = 0; i < s->terms; i++)
        if (s->behind[i] && s->behind[i] >> 2 >= (int64_t)s->sets) { PyErr_SetString(PyExc_ValueError, "no such set"); return -1; }
    s->doubled_to = s->doubled_from + (int32_t)PyObject_Size(doubled);
    while (size < s->rights * 2) size *= 2;
    s->right_at = calloc(size, sizeof(uint32_t)); s->right_mask = size - 1;
    if (!s->right_at) { PyErr_NoMemory(); return -1; }
    for (uint32_t i = 0; i < s->rights; i++) s->right_at[right_slot(s, s->right_pool + s->right_offset[i], s->right_offset[i + 1] - s->right_offset[i])] = i + 1;
    for (uint32_t i = 0; i < characters; i++)
        if (s->set_of[i] >= (int64_t)s->sets) { PyErr_SetString(PyExc_ValueError, "no such set"); return -1; }
    s->bytes += (size + s->right_offset[s->rights] + s->set_offset[s->sets] + 5 * characters) * sizeof(uint32_t);
    return 0;
}

static PyObject *scanner_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *table, *strings, *use_offset, *uses, *phrases, *cuts, *narrowing; int terms;
    if (!PyArg_ParseTuple(args, "O!O!OOO!OiO!", &PyDict_Type, &table, &PyList_Type, &strings, &use_offset, &uses, &PyList_Type, &phrases, &cuts, &terms,
                          &PyTuple_Type, &narrowing)) return NULL;
    Scanner *s = (Scanner *)type->tp_alloc(type, 0);
    int32_t *given_offset = NULL, *given = NULL;
    if (!s) return NULL;
    s->terms = terms;
    s->wide = can_read_wide();
    if (read_folding(s, table) || read_strings(strings, &s->pool, &s->offset, &s->strings)
        || read_strings(phrases, &s->phrase_pool, &s->phrase_offset, &s->phrases)
        || copy(cuts, (void **)&s->cut, s->phrases * 4) || copy(use_offset, (void **)&given_offset, (s->strings + 1) * 4) || copy(uses, (void **)&given, given_offset[s->strings] * 4)
        || read_narrowing(s, narrowing)) goto failed;
    for (uint32_t i = 0; i < s->strings; i++)
        if (s->offset[i] == s->offset[i + 1]) { PyErr_SetString(PyExc_ValueError, "an empty string"); goto failed; }
    for (uint32_t i = 0; i < s->phrases; i++)
        if (s->phrase_offset[i + 1] - s->phrase_offset[i] < 4) { PyErr_SetString(PyExc_ValueError, "a phrase of fewer than four characters"); goto failed; }
    for (uint32_t i = 0; i < s->phrases; i++)
        if (s->cut[i] < 2 || s->cut[i] + 2 > (int32_t)(s->phrase_offset[i + 1] - s->phrase_offset[i])) { PyErr_SetString(PyExc_ValueError, "a part of fewer than two characters"); goto failed; }
    if (build(s, given_offset, given)) { PyErr_NoMemory(); goto failed; }
    free(given_offset); free(given);
    return (PyObject *)s;
failed:
    free(given_offset); free(given);
    Py_DECREF(s);
    return NULL;
}

/* ---- what Python calls ----------------------------------------------------------------------------------------------------------------- */

/* The folded text, without what is skipped. */
static PyObject *scanner_fold(Scanner *s, PyObject *text)
{
    Scratch scratch = {0}; PyObject *result = NULL;
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > INT32_MAX / 2) { PyErr_SetString(PyExc_OverflowError, "text too long"); return NULL; }
    if (make_room(&scratch, (size_t)length)) PyErr_NoMemory();
    else result = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, scratch.folded, fold_text(s, &scratch, (Text){PyUnicode_KIND(text), PyUnicode_DATA(text), length}));
    free_scratch(&scratch);
    return result;
}

/* Many texts (see texts.h). Gives six int32 a match: row, start, end, number, how, at. */
static PyObject *scanner_find_all(Scanner *s, PyObject *source)
{
    Texts texts; Scratch scratch = {0}; Findings out = {0}; PyObject *result = NULL;
    uint32_t *row_of = NULL; size_t row_room = 0; int failed = 0;
    if (open_texts(&texts, source)) goto done;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < texts.count && !failed; row++) {
        Text text = text_at(&texts, row);
        size_t before = out.count;
        if (!text.size) continue;
        failed = make_room(&scratch, (size_t)text.size) || scan(s, &scratch, fold_text(s, &scratch, text), &out);
        if (out.room > row_room) {
            uint32_t *more = realloc(row_of, out.room * sizeof *more);
            if (!more) { failed = 1; break; }
            row_of = more; row_room = out.room;
        }
        for (; before < out.count; before++) row_of[before] = (uint32_t)row;
    }
    Py_END_ALLOW_THREADS
    if (failed) { PyErr_NoMemory(); goto done; }
    if ((result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)out.count * 24)) != NULL) {
        int32_t *to = (int32_t *)PyBytes_AS_STRING(result);
        for (size_t i = 0; i < out.count; i++, to += 6) { to[0] = (int32_t)row_of[i]; memcpy(to + 1, &out.items[i], 20); }
    }
done:
    close_texts(&texts);
    free_scratch(&scratch); free(out.items); free(row_of);
    return result;
}

static PyObject *scanner_bytes(Scanner *s, void *closure) { return PyLong_FromSize_t(s->bytes); }

static PyMethodDef scanner_methods[] = {
    {"fold", (PyCFunction)scanner_fold, METH_O, "The folded text."},
    {"find_all", (PyCFunction)scanner_find_all, METH_O, "find_all(list of str, or (data, offsets, first, rows, wide)): six int32 a match, row first."},
    {NULL, NULL, 0, NULL},
};
static PyObject *scanner_wide(Scanner *s, void *closure) { return PyBool_FromLong(s->wide); }

static int scanner_set_wide(Scanner *s, PyObject *value, void *closure)
{
    int wide = value ? PyObject_IsTrue(value) : 0;
    if (wide >= 0) s->wide = wide && can_read_wide();
    return wide < 0 ? -1 : 0;
}

static PyGetSetDef scanner_fields[] = {
    {"bytes", (getter)scanner_bytes, NULL, "Memory in bytes.", NULL},
    {"wide", (getter)scanner_wide, (setter)scanner_set_wide, "Whether it reads eight characters at a time; tests compare both ways.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyTypeObject scanner_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "xinmei.core.screening._scan.Scanner",
    .tp_basicsize = sizeof(Scanner), .tp_dealloc = (destructor)scanner_dealloc, .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "Scanner(folding, strings, use_offsets, uses, phrases, cuts, terms, narrowing): see matcher.py.", .tp_methods = scanner_methods,
    .tp_getset = scanner_fields, .tp_new = scanner_new,
};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scan", "The fast engine of the screening.", -1, NULL, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__scan(void)
{
    PyObject *made;
    if (PyType_Ready(&scanner_type) || !(made = PyModule_Create(&module))) return NULL;
    if (PyModule_AddObjectRef(made, "Scanner", (PyObject *)&scanner_type)) { Py_DECREF(made); return NULL; }
    return made;
}
