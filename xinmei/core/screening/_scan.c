/* Finds many terms, and phrases with one character wrong, in one pass over text: the fast engine of matcher.py, which says what is found.
 *
 * Filter, then verify. The text is decoded and folded once into an array of code points beside an array of their places. A bitmap of the first
 * two characters of all strings, then one of the first four, reject nearly all positions at the speed of memory; no branch depends on a single
 * character, so that nothing is mispredicted. What is left looks up its first three characters in a hash table, which gives the range of the sorted
 * strings that begin so, and narrows that range character by character. Nothing is written after building, so threads may share a scanner; the
 * interpreter's lock is released while scanning.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP = 0xFFFF, FAR = 0xFFFE };       /* folding table: skipped; look into the far table */
enum { SAME, CHANGED, ADDED, LOST };        /* as in matcher.py */
enum { TERM, FIRST_HALF, SECOND_HALF };     /* what a string may be */
enum { DIGITS = 7, BLOCK = 2048 };          /* a run of so many digits is worth a look; positions filtered at a time */

typedef struct { uint32_t from, to; } Pair; /* far folding; `to` is UINT32_MAX where skipped */
typedef struct { uint64_t key; uint32_t low, high; } Bucket;
typedef struct { int32_t start, end, number, how, at; } Found;
typedef struct { Found *items; size_t count, room; } Findings;
typedef struct { uint32_t *folded, *cand; int32_t *place; size_t room; } Scratch;

typedef struct {
    PyObject_HEAD
    uint16_t fold[65536];
    Pair *far; uint32_t far_count;
    uint8_t single[65536]; int singles;     /* whether a string of one character is this one; whether there are such strings */
    uint64_t *two, *more; int shift;        /* which first two characters occur; which first four, or all where there are fewer */
    uint32_t *pool; uint32_t *offset; uint32_t *order; uint32_t strings;
    Bucket *buckets; uint32_t mask;         /* by the first three characters, or two or one where the string ends there */
    int32_t *use_offset, *uses;             /* of each string: number << 2 | what it may be */
    uint32_t *phrase_pool, *phrase_offset; uint32_t phrases; int32_t terms;
    size_t bytes;
} Scanner;

static inline uint64_t mix(uint64_t key) { key *= 0x9E3779B97F4A7C15ull; return key ^ (key >> 32); }
static inline uint64_t key_of(const uint32_t *c, int n)
{
    return (uint64_t)c[0] | (n > 1 ? (uint64_t)c[1] << 21 : 0) | (n > 2 ? (uint64_t)c[2] << 42 : 0) | (n < 3 ? (uint64_t)1 << 63 : 0);
}
static inline uint32_t hash_two(uint32_t a, uint32_t b, int shift) { return (a * 0x9E3779B1u + b * 0x85EBCA77u) >> shift; }
static inline uint32_t hash_three(uint32_t a, uint32_t b, uint32_t c, int shift) { return (a * 0x9E3779B1u + b * 0x85EBCA77u + c * 0xC2B2AE3Du) >> shift; }
static inline uint32_t hash_four(const uint32_t *c, int shift) { return (c[0] * 0x9E3779B1u + c[1] * 0x85EBCA77u + c[2] * 0xC2B2AE3Du + c[3] * 0x27D4EB2Fu) >> shift; }
static inline int bit(const uint64_t *map, uint32_t at) { return (map[at >> 6] >> (at & 63)) & 1; }
static inline void set_bit(uint64_t *map, uint32_t at) { map[at >> 6] |= (uint64_t)1 << (at & 63); }
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

static const Bucket *bucket(const Scanner *s, uint64_t key)
{
    for (uint32_t at = (uint32_t)mix(key) & s->mask;; at = (at + 1) & s->mask)
        if (s->buckets[at].key == key || s->buckets[at].high == 0) return &s->buckets[at];
}

/* All strings that begin at `start`; the first three characters are in the filter already. */
static int walk(const Scanner *s, Findings *out, const uint32_t *f, const int32_t *place, long n, long start)
{
    const Bucket *b;
    if (start + 2 > n) return 0;
    if (bit(s->more, hash_two(f[start], f[start + 1], s->shift))) {
        b = bucket(s, key_of(f + start, 2));
        if (b->high && emit(s, out, f, place, n, start, start + 2, b->low)) return -1;
    }
    if (start + 3 > n) return 0;
    b = bucket(s, key_of(f + start, 3));
    uint32_t low = b->low, high = b->high;
    for (long depth = 3; low < high; depth++) {
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

static int scan(const Scanner *s, Scratch *scratch, long n, Findings *out)
{
    const uint32_t *f = scratch->folded;
    const int32_t *place = scratch->place;
    uint32_t *cand = scratch->cand;
    size_t from = out->count;
    memset(scratch->folded + n, 0, 3 * sizeof(uint32_t));   /* the filter may look three characters past the end */
    for (long block = 0; block < n; block += BLOCK) {
        long end = block + BLOCK < n ? block + BLOCK : n, passed = 0, kept = 0;
        for (long i = block; i < end; i++) {
            cand[passed] = (uint32_t)i;
            passed += bit(s->two, hash_two(f[i], f[i + 1], s->shift));
        }
        for (long k = 0; k < passed; k++) {
            uint32_t i = cand[k];
            cand[kept] = i;
            kept += bit(s->more, hash_four(f + i, s->shift)) | bit(s->more, hash_three(f[i], f[i + 1], f[i + 2], s->shift))
                | bit(s->more, hash_two(f[i], f[i + 1], s->shift));
        }
        for (long k = 0; k < kept; k++) {
            if (k + 4 < kept && cand[k + 4] + 2 < n) __builtin_prefetch(&s->buckets[(uint32_t)mix(key_of(f + cand[k + 4], 3)) & s->mask]);
            if (walk(s, out, f, place, n, cand[k])) return -1;
        }
    }
    for (long i = 0; s->singles && i < n; i++)              /* strings of one character, such as @ */
        if (f[i] >= 65536 || s->single[f[i]]) {
            const Bucket *b = bucket(s, key_of(f + i, 1));
            if (b->high && emit(s, out, f, place, n, i, i + 1, b->low)) return -1;
        }
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
    if (characters + 3 <= scratch->room) return 0;
    free(scratch->folded); free(scratch->place);
    scratch->room = characters + characters / 2 + 64;
    scratch->folded = malloc(scratch->room * sizeof(uint32_t));
    scratch->place = malloc(scratch->room * sizeof(int32_t));
    if (!scratch->cand) scratch->cand = malloc((BLOCK + 1) * sizeof(uint32_t));
    return scratch->folded && scratch->place && scratch->cand ? 0 : -1;
}

static void free_scratch(Scratch *scratch) { free(scratch->folded); free(scratch->place); free(scratch->cand); }

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

static int bits_for(uint32_t count) { int bits = 17; while (bits < 26 && ((uint32_t)1 << bits) < count * 12u) bits++; return bits; }

static int build(Scanner *s)
{
    uint32_t n = s->strings, size = 16;
    int bits = bits_for(n);
    uint32_t *old_pool = s->pool, *old_offset = s->offset, total = old_offset[n];
    while (size < n * 2 + 2) size *= 2;
    s->order = malloc((n + 1) * sizeof(uint32_t));
    s->pool = malloc((total + 1) * sizeof(uint32_t));
    s->offset = malloc((n + 1) * sizeof(uint32_t));
    s->two = calloc((size_t)1 << (bits - 6), 8); s->more = calloc((size_t)1 << (bits - 6), 8);
    s->shift = 32 - bits;
    s->buckets = calloc(size, sizeof(Bucket)); s->mask = size - 1;
    if (!s->order || !s->pool || !s->offset || !s->two || !s->more || !s->buckets) { free(old_pool); free(old_offset); return -1; }
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
        uint32_t length = s->offset[i + 1] - s->offset[i];
        uint64_t key = key_of(c, length < 3 ? (int)length : 3);
        Bucket *b = (Bucket *)bucket(s, key);
        if (!b->high) *b = (Bucket){key, i, i + 1}; else b->high = i + 1;
        if (length == 1) { s->singles = 1; if (c[0] < 65536) s->single[c[0]] = 1; continue; }
        set_bit(s->two, hash_two(c[0], c[1], s->shift));
        set_bit(s->more, length == 2 ? hash_two(c[0], c[1], s->shift) : length == 3 ? hash_three(c[0], c[1], c[2], s->shift) : hash_four(c, s->shift));
    }
    s->bytes = sizeof *s + 2 * ((size_t)1 << (bits - 3)) + size * sizeof(Bucket) + (total + 3 * (size_t)n) * 4;
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
    free(s->far); free(s->two); free(s->more); free(s->pool); free(s->offset); free(s->order); free(s->buckets);
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
