/* Finds many terms, and phrases with one character wrong, in one pass over text: the fast engine of matcher.py, which says what is found.
 *
 * Filter, then verify. The text is decoded and folded once into an array of code points beside an array of their places. At every place three
 * bitmaps are asked, without a branch: does a string of two characters stand here, or one of three, or do four characters that some longer string
 * begins with? What passes (a few in a hundred) is asked again with five characters and a better hash. What is left looks up its beginning in a
 * hash table, which gives the range of the sorted strings that begin so, and narrows that range character by character; what it will need
 * from memory is asked for beforehand. Nothing is written after building, so threads may share a scanner; the interpreter's lock is released while
 * scanning.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP = 0xFFFF, FAR = 0xFFFE };       /* folding table: skipped; look into the far table */
enum { SAME, CHANGED, ADDED, LOST };        /* as in matcher.py */
enum { TERM, FIRST_HALF, SECOND_HALF };     /* what a string may be */
enum { DIGITS = 7, BLOCK = 512, PAST = 4 };/* a run of so many digits is worth a look; places filtered at a time; how far a filter looks ahead */
enum { HEAD = 4 };                          /* strings of so many characters or more are kept by so many, shorter ones whole */

typedef struct { uint32_t from, to; } Pair; /* far folding; `to` is UINT32_MAX where skipped */
typedef struct { uint32_t tag, at, low, high; } Bucket; /* what begins so: place in the pool, range of sorted strings */
typedef struct { uint64_t *words; uint32_t mask; } Map; /* a bitmap */
typedef struct { int32_t start, end, number, how, at; } Found;
typedef struct { Found *items; size_t count, room; } Findings;
typedef struct { uint32_t *folded; int32_t *place; size_t room; } Scratch;

typedef struct {
    PyObject_HEAD
    uint16_t fold[65536];
    Pair *far; uint32_t far_count;
    uint8_t single[65536]; int singles;     /* whether a string of one character is this one; whether there are such strings */
    Map two, three, four, sure;             /* strings of two characters, of three, first four of longer ones; all again, longest by five */
    uint32_t *pool; uint32_t *offset; uint32_t *order; uint32_t strings;
    Bucket *buckets; uint32_t mask;         /* by the first HEAD characters, or all where there are fewer */
    int32_t *use_offset, *uses;             /* of each string: number << 2 | what it may be */
    uint32_t *phrase_pool, *phrase_offset; uint32_t phrases; int32_t terms;
    size_t bytes;
} Scanner;

/* The hash of the characters so far and one more: its upper half finds a word of a bitmap and is the tag of a bucket, its lower half finds the rest. */
static inline uint64_t mix(uint64_t hash, uint32_t c) { hash = (hash ^ c) * 0x9E3779B97F4A7C15ull; return hash ^ (hash >> 32); }
/* Pairs of neighbours are hashed cheaply, once; three and four characters are two pairs. */
static inline uint32_t pair_of(uint32_t a, uint32_t b) { return a * 0x9E3779B1u + b * 0x85EBCA77u; }
static inline uint32_t both(uint32_t pair, uint32_t later) { return pair + (later << 13 | later >> 19); }
static inline uint64_t word_of(Map map, uint32_t hash) { return map.words[hash >> 6 & map.mask]; }
static inline uint32_t bit(Map map, uint64_t hash) { return word_of(map, (uint32_t)(hash >> 32)) >> (hash & 63) & 1; }
static inline void set_bit(Map map, uint32_t hash, uint32_t at) { map.words[hash >> 6 & map.mask] |= (uint64_t)1 << (at & 63); }
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

static int near(const Scanner *s, Findings *out, const uint32_t *f, const int32_t *place, long n, long start, long end, int32_t number, int side)
{
    static const long growth[] = {0, 0, 1, -1};
    const uint32_t *phrase = s->phrase_pool + s->phrase_offset[number];
    long size = s->phrase_offset[number + 1] - s->phrase_offset[number], first = size / 2, second = size - first, at;
    int how;
    if (side == FIRST_HALF) {
        if ((how = compare(phrase + first, second, f, end, n, 1, &at)) == SAME) return 0;
        end += second + growth[how]; at += first;
    } else {
        if ((how = compare(phrase, first, f, start - 1, -1, -1, &at)) == SAME) return 0;
        at = first + growth[how] - at - (how != LOST);
        start -= first + growth[how];
    }
    return add(out, place[start], place[end - 1] + 1, s->terms + number, how, (int32_t)at);
}

static int emit(const Scanner *s, Findings *out, const uint32_t *f, const int32_t *place, long n, long start, long end, uint32_t string)
{
    string = s->order[string];
    for (int32_t i = s->use_offset[string]; i < s->use_offset[string + 1]; i++) {
        int32_t number = s->uses[i] >> 2, side = s->uses[i] & 3;
        if (side == TERM ? add(out, place[start], place[end - 1] + 1, number, SAME, 0) : near(s, out, f, place, n, start, end, number, side)) return -1;
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

/* The string of exactly so many characters, fewer than HEAD. */
static int find_short(const Scanner *s, Findings *out, const uint32_t *f, const int32_t *place, long n, long start, uint64_t hash, long characters)
{
    if (start + characters > n) return 0;
    const Bucket *b = bucket(s, hash, f + start, characters);
    return b->high ? emit(s, out, f, place, n, start, start + characters, b->low) : 0;
}

/* All strings of HEAD characters or more that begin at `start`. */
static int find_long(const Scanner *s, Findings *out, const uint32_t *f, const int32_t *place, long n, long start, uint64_t hash)
{
    if (start + HEAD > n) return 0;
    const Bucket *b = bucket(s, hash, f + start, HEAD);
    uint32_t low = b->low, high = b->high;
    for (long depth = HEAD; low < high; depth++) {
        if (s->offset[low + 1] - s->offset[low] == depth) {
            if (emit(s, out, f, place, n, start, start + depth, low)) return -1;
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

typedef struct { uint64_t two, three, four; uint32_t at, kinds; } Candidate;

/* The places of a block where something may begin, as the bitmaps say. */
static __attribute__((noinline)) long sift(const Scanner *s, const uint32_t *f, long places, Candidate *kept)
{
    uint32_t pair[BLOCK + 2]; uint16_t passed[BLOCK + 1];
    const Map two = s->two, three = s->three, four = s->four;
    long some = 0, count = 0;
    for (long i = 0; i < places + 2; i++) pair[i] = pair_of(f[i], f[i + 1]);
    for (long i = 0; i < places; i++) {
        uint32_t here = pair[i];
        uint64_t words = word_of(two, here) | word_of(three, both(here, pair[i + 1])) | word_of(four, both(here, pair[i + 2]));
        passed[some] = (uint16_t)i;
        some += words >> (here & 63) & 1;
    }
    for (long k = 0; k < some; k++) {
        uint32_t i = passed[k];
        uint64_t h2 = mix(mix(0, f[i]), f[i + 1]), h3 = mix(h2, f[i + 2]), h4 = mix(h3, f[i + 3]), h5 = mix(h4, f[i + 4]);
        uint32_t kinds = bit(s->sure, h2) | bit(s->sure, h3) << 1 | (bit(s->sure, h4) | bit(s->sure, h5)) << 2;
        kept[count] = (Candidate){h2, h3, h4, i, kinds};
        count += kinds != 0;
    }
    return count;
}

static int scan(const Scanner *s, Scratch *scratch, long n, Findings *out)
{
    const uint32_t *f = scratch->folded;
    const int32_t *place = scratch->place;
    Candidate kept[BLOCK + 1];
    size_t from = out->count;
    memset(scratch->folded + n, 0, (PAST + 1) * sizeof(uint32_t));
    for (long block = 0; s->strings && block < n; block += BLOCK) {
        long count = sift(s, f + block, block + BLOCK < n ? BLOCK : n - block, kept);
        for (long k = 0; k < count; k++)
            __builtin_prefetch(&s->buckets[slot_of(s, kept[k].kinds & 4 ? kept[k].four : kept[k].kinds & 2 ? kept[k].three : kept[k].two)]);
        for (long k = 0; k < count; k++) {
            const Candidate *c = &kept[k];
            if ((c->kinds & 1 && find_short(s, out, f, place, n, block + c->at, c->two, 2))
                || (c->kinds & 2 && find_short(s, out, f, place, n, block + c->at, c->three, 3))
                || (c->kinds & 4 && find_long(s, out, f, place, n, block + c->at, c->four))) return -1;
        }
    }
    for (long i = 0; s->singles && i < n; i++)              /* strings of one character, such as @ */
        if ((f[i] >= 65536 || s->single[f[i]]) && find_short(s, out, f, place, n, i, mix(0, f[i]), 1)) return -1;
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
    free(scratch->folded); free(scratch->place);
    scratch->room = characters + characters / 2 + 64;
    scratch->folded = malloc(scratch->room * sizeof(uint32_t));
    scratch->place = malloc(scratch->room * sizeof(int32_t));
    return scratch->folded && scratch->place ? 0 : -1;
}

static void free_scratch(Scratch *scratch) { free(scratch->folded); free(scratch->place); }

/* Folds one code point to the end of the arrays; kept or skipped without a branch, but for the rare ones outside the table. */
#define FOLD(code, at) do { \
        uint32_t code_ = (code), to_ = code_ < 65536 ? s->fold[code_] : FAR; \
        if (to_ == FAR) { to_ = fold_far(s, code_); if (to_ == UINT32_MAX) to_ = SKIP; else { f[n] = to_; place[n++] = (at); break; } } \
        f[n] = to_; place[n] = (at); n += to_ != SKIP; \
    } while (0)

static long fold_text(const Scanner *s, Scratch *scratch, int kind, const void *data, Py_ssize_t length)
{
    uint32_t *f = scratch->folded; int32_t *place = scratch->place; long n = 0;
    if (kind == PyUnicode_1BYTE_KIND) for (Py_ssize_t i = 0; i < length; i++) FOLD(((const Py_UCS1 *)data)[i], (int32_t)i);
    else if (kind == PyUnicode_2BYTE_KIND) for (Py_ssize_t i = 0; i < length; i++) FOLD(((const Py_UCS2 *)data)[i], (int32_t)i);
    else for (Py_ssize_t i = 0; i < length; i++) FOLD(((const Py_UCS4 *)data)[i], (int32_t)i);
    return n;
}

static long fold_utf8(const Scanner *s, Scratch *scratch, const uint8_t *at, const uint8_t *end)
{
    uint32_t *f = scratch->folded; int32_t *place = scratch->place, character = 0; long n = 0;
    for (; at < end; character++) {
        uint32_t c = *at;
        long left = end - at;
        if (c >= 0xE0 && c < 0xF0 && left > 2) { c = (c & 15) << 12 | (at[1] & 63) << 6 | (at[2] & 63); at += 3; }
        else if (c < 0x80) at += 1;
        else if (c >= 0xC0 && c < 0xE0 && left > 1) { c = (c & 31) << 6 | (at[1] & 63); at += 2; }
        else if (c >= 0xF0 && left > 3) { c = (c & 7) << 18 | (at[1] & 63) << 12 | (at[2] & 63) << 6 | (at[3] & 63); at += 4; }
        else { c = 0xFFFD; at += 1; }                       /* not UTF-8: Arrow promises that it does not happen */
        FOLD(c, character);
    }
    return n;
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
    map->mask = ((uint32_t)1 << (bits - 6)) - 1;
    map->words = calloc((size_t)1 << (bits - 6), 8);
    s->bytes += (size_t)1 << (bits - 3);
    return map->words ? 0 : -1;
}

static int build(Scanner *s)
{
    uint32_t n = s->strings, size = 16, of_length[HEAD + 1] = {0};
    uint32_t *old_pool = s->pool, *old_offset = s->offset, total = old_offset[n];
    for (uint32_t i = 0; i < n; i++) of_length[old_offset[i + 1] - old_offset[i] < HEAD ? old_offset[i + 1] - old_offset[i] : HEAD]++;
    while (size < n * 2 + 2) size *= 2;
    s->order = malloc((n + 1) * sizeof(uint32_t));
    s->pool = malloc((total + 1) * sizeof(uint32_t));
    s->offset = malloc((n + 1) * sizeof(uint32_t));
    s->buckets = calloc(size, sizeof(Bucket)); s->mask = size - 1;
    if (!s->order || !s->pool || !s->offset || !s->buckets || make_map(s, &s->two, of_length[2]) || make_map(s, &s->three, of_length[3])
        || make_map(s, &s->four, of_length[HEAD]) || make_map(s, &s->sure, n)) { free(old_pool); free(old_offset); return -1; }
    for (uint32_t i = 0; i < n; i++) s->order[i] = i;
    sort_pool = old_pool; sort_offset = old_offset;         /* the interpreter's lock is held */
    qsort(s->order, n, sizeof(uint32_t), by_text);
    for (uint32_t i = 0, at = 0; i < n; i++) {
        uint32_t length = old_offset[s->order[i] + 1] - old_offset[s->order[i]];
        memcpy(s->pool + at, old_pool + old_offset[s->order[i]], length * sizeof(uint32_t));
        s->offset[i] = at; at += length;
    }
    s->offset[n] = total;
    free(old_pool); free(old_offset);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t *c = s->pool + s->offset[i];
        uint32_t length = s->offset[i + 1] - s->offset[i], head = length < HEAD ? length : HEAD, pair = length > 1 ? pair_of(c[0], c[1]) : 0;
        uint64_t hash = 0;
        for (uint32_t k = 0; k < head; k++) hash = mix(hash, c[k]);
        Bucket *b = (Bucket *)bucket(s, hash, c, head);
        if (!b->high) *b = (Bucket){((uint32_t)(hash >> 32) & ~3u) | (head - 1), s->offset[i], i, i + 1}; else b->high = i + 1;
        if (length == 1) { s->singles = 1; if (c[0] < 65536) s->single[c[0]] = 1; continue; }
        if (length == 2) set_bit(s->two, pair, pair);
        else if (length == 3) set_bit(s->three, both(pair, pair_of(c[1], c[2])), pair);
        else set_bit(s->four, both(pair, pair_of(c[2], c[3])), pair);
        if (length > HEAD) hash = mix(hash, c[HEAD]);
        set_bit(s->sure, (uint32_t)(hash >> 32), (uint32_t)hash);
    }
    s->bytes += sizeof *s + size * sizeof(Bucket) + (total + 3 * (size_t)n) * 4;
    return 0;
}

static int copy_ints(PyObject *source, int32_t **target, Py_ssize_t at_least)
{
    Py_buffer view;
    if (PyObject_GetBuffer(source, &view, PyBUF_SIMPLE)) return -1;
    *target = malloc(view.len + 4);
    if (*target) memcpy(*target, view.buf, view.len);
    int failed = !*target || view.len < at_least * 4;
    PyBuffer_Release(&view);
    if (failed) PyErr_SetString(PyExc_ValueError, "not enough numbers");
    return failed ? -1 : 0;
}

static void scanner_dealloc(Scanner *s)
{
    free(s->far); free(s->two.words); free(s->three.words); free(s->four.words); free(s->sure.words); free(s->pool); free(s->offset); free(s->order); free(s->buckets);
    free(s->use_offset); free(s->uses); free(s->phrase_pool); free(s->phrase_offset);
    Py_TYPE(s)->tp_free((PyObject *)s);
}

static PyObject *scanner_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *table, *strings, *use_offset, *uses, *phrases; int terms;
    if (!PyArg_ParseTuple(args, "O!O!OOO!i", &PyDict_Type, &table, &PyList_Type, &strings, &use_offset, &uses, &PyList_Type, &phrases, &terms)) return NULL;
    Scanner *s = (Scanner *)type->tp_alloc(type, 0);
    if (!s) return NULL;
    s->terms = terms;
    if (read_folding(s, table) || read_strings(strings, &s->pool, &s->offset, &s->strings)
        || read_strings(phrases, &s->phrase_pool, &s->phrase_offset, &s->phrases)
        || copy_ints(use_offset, &s->use_offset, s->strings + 1) || copy_ints(uses, &s->uses, s->use_offset[s->strings])) goto failed;
    for (uint32_t i = 0; i < s->strings; i++)
        if (s->offset[i] == s->offset[i + 1]) { PyErr_SetString(PyExc_ValueError, "an empty string"); goto failed; }
    if (build(s)) { PyErr_NoMemory(); goto failed; }
    return (PyObject *)s;
failed:
    Py_DECREF(s);
    return NULL;
}

/* ---- what Python calls ----------------------------------------------------------------------------------------------------------------- */

static PyObject *scanner_find(Scanner *s, PyObject *text)
{
    Scratch scratch = {0}; Findings out = {0}; PyObject *result = NULL;
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > INT32_MAX / 2) { PyErr_SetString(PyExc_OverflowError, "text too long"); return NULL; }
    int failed;
    Py_BEGIN_ALLOW_THREADS
    failed = make_room(&scratch, (size_t)length) || scan(s, &scratch, fold_text(s, &scratch, PyUnicode_KIND(text), PyUnicode_DATA(text), length), &out);
    Py_END_ALLOW_THREADS
    if (failed) { PyErr_NoMemory(); goto done; }
    result = PyList_New((Py_ssize_t)out.count);
    for (size_t i = 0; result && i < out.count; i++) {
        Found *found = &out.items[i];
        PyObject *row = Py_BuildValue("(iiiii)", found->start, found->end, found->number, found->how, found->at);
        if (!row) Py_CLEAR(result); else PyList_SET_ITEM(result, (Py_ssize_t)i, row);
    }
done:
    free_scratch(&scratch); free(out.items);
    return result;
}

/* The folded text, without what is skipped. */
static PyObject *scanner_fold(Scanner *s, PyObject *text)
{
    Scratch scratch = {0}; PyObject *result = NULL;
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "text must be str"); return NULL; }
    Py_ssize_t length = PyUnicode_GET_LENGTH(text);
    if (length > INT32_MAX / 2) { PyErr_SetString(PyExc_OverflowError, "text too long"); return NULL; }
    if (make_room(&scratch, (size_t)length)) PyErr_NoMemory();
    else result = PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, scratch.folded, fold_text(s, &scratch, PyUnicode_KIND(text), PyUnicode_DATA(text), length));
    free_scratch(&scratch);
    return result;
}

/* Arrow's layout: UTF-8 in one buffer, offsets of 32 or 64 bits. Gives six int32 a match: row, start, end, number, how, at. */
static PyObject *scanner_find_arrow(Scanner *s, PyObject *args)
{
    Py_buffer data, offsets; Py_ssize_t first, rows; int wide;
    if (!PyArg_ParseTuple(args, "y*y*nnp", &data, &offsets, &first, &rows, &wide)) return NULL;
    Scratch scratch = {0}; Findings out = {0}; PyObject *result = NULL;
    uint32_t *row_of = NULL; size_t row_room = 0; int failed = 0;
    if (first < 0 || rows < 0 || rows > INT32_MAX || (first + rows + 1) * (wide ? 8 : 4) > offsets.len) {
        PyErr_SetString(PyExc_ValueError, "offsets are too short"); goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < rows && !failed; row++) {
        int64_t from = wide ? ((int64_t *)offsets.buf)[first + row] : ((int32_t *)offsets.buf)[first + row];
        int64_t to = wide ? ((int64_t *)offsets.buf)[first + row + 1] : ((int32_t *)offsets.buf)[first + row + 1];
        size_t before = out.count;
        if (from < 0 || to < from || to > data.len || to - from > INT32_MAX) { failed = 2; break; }
        if (to == from) continue;
        failed = make_room(&scratch, (size_t)(to - from)) || scan(s, &scratch, fold_utf8(s, &scratch, (uint8_t *)data.buf + from, (uint8_t *)data.buf + to), &out);
        if (out.room > row_room) {
            uint32_t *more = realloc(row_of, out.room * sizeof *more);
            if (!more) { failed = 1; break; }
            row_of = more; row_room = out.room;
        }
        for (; before < out.count; before++) row_of[before] = (uint32_t)row;
    }
    Py_END_ALLOW_THREADS
    if (failed == 2) { PyErr_SetString(PyExc_ValueError, "offsets leave the data"); goto done; }
    if (failed) { PyErr_NoMemory(); goto done; }
    if ((result = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)out.count * 24)) != NULL) {
        int32_t *to = (int32_t *)PyBytes_AS_STRING(result);
        for (size_t i = 0; i < out.count; i++, to += 6) { to[0] = (int32_t)row_of[i]; memcpy(to + 1, &out.items[i], 20); }
    }
done:
    PyBuffer_Release(&data); PyBuffer_Release(&offsets);
    free_scratch(&scratch); free(out.items); free(row_of);
    return result;
}

static PyObject *scanner_bytes(Scanner *s, void *closure) { return PyLong_FromSize_t(s->bytes); }

static PyMethodDef scanner_methods[] = {
    {"find", (PyCFunction)scanner_find, METH_O, "All matches in a text as (start, end, number, how, at), sorted."},
    {"fold", (PyCFunction)scanner_fold, METH_O, "The folded text."},
    {"find_arrow", (PyCFunction)scanner_find_arrow, METH_VARARGS, "find_arrow(data, offsets, first, rows, wide): six int32 a match, row first."},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef scanner_fields[] = {{"bytes", (getter)scanner_bytes, NULL, "Memory in bytes.", NULL}, {NULL, NULL, NULL, NULL, NULL}};
static PyTypeObject scanner_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "xinmei.core.screening._scan.Scanner",
    .tp_basicsize = sizeof(Scanner), .tp_dealloc = (destructor)scanner_dealloc, .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_doc = "Scanner(folding, strings, use_offsets, uses, phrases, terms): see matcher.py.", .tp_methods = scanner_methods,
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
