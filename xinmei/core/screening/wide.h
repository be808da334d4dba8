/* The steps of the scan that every character goes through: decoding, folding by a table, the first filter. Each in the plain way and, where the processor
 * has AVX2, for eight characters at a time; both give the same. */
#include "texts.h"
#include <stdint.h>

enum { SKIP = 0xFFFF, FAR = 0xFFFE };       /* folding table: skipped; look into the far table */
enum { RUN = 8, PAST = RUN + 4 };           /* characters that are looked at together; how far behind a text the filter looks */

/* The code points of UTF-8. Returns how many. */
static long decode_plain(const uint8_t *data, const uint8_t *end, uint32_t *codes)
{
    long n = 0;
    while (data < end) data += decode(data, end, &codes[n++]);
    return n;
}

static void look_up(const uint16_t *table, const uint32_t *restrict codes, uint32_t *restrict folded, long n)
{
    for (long i = 0; i < n; i++) folded[i] = table[(uint16_t)codes[i]];
}

typedef struct { uint32_t *words; uint32_t mask; } Map; /* a bitmap */

/* Pairs of neighbours are hashed by shifts and sums, which vectors do everywhere; three characters are two pairs. */
static inline uint32_t pair_of(uint32_t a, uint32_t b) { return (a << 15) - a + (b << 7) + b; }
static inline uint32_t both(uint32_t pair, uint32_t next) { return pair + (next << 13 | next >> 19); }
static inline uint32_t word_of(Map map, uint32_t hash) { return map.words[hash >> 5 & map.mask]; }

/* Whether both bits are set that a pair chooses of a word. */
static inline uint32_t has(uint32_t word, uint32_t pair) { return word >> (pair & 31) & word >> (pair >> 9 & 31); }

/* The places where something may begin. `two` holds the pairs that are terms. In `gapped`, the first and the fourth character find a word; in it a string
 * that lacks the third has the bits of its first pair, one that lacks the second those of its last; it may have no words. In `more`, three characters find
 * a word; in it a string of three has the bits of its first pair, a longer one those of its second pair. Few words a place: what costs is to bring them into
 * the nearest cache. */
static long filter_plain(Map two, Map gapped, Map more, const uint32_t *f, long places, uint16_t *passed)
{
    long some = 0;
    for (long i = 0; i < places; i++) {
        uint32_t pair = pair_of(f[i], f[i + 1]), next = pair_of(f[i + 1], f[i + 2]), last = pair_of(f[i + 2], f[i + 3]);
        uint32_t word = word_of(more, both(pair, next));
        uint32_t far = gapped.words ? word_of(gapped, pair_of(f[i], f[i + 3])) : 0;
        passed[some] = (uint16_t)i;
        some += (has(word_of(two, pair), pair) | has(word, pair) | has(word, last) | has(far, pair) | has(far, last)) & 1;
    }
    return some;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi,bmi2")))

static int can_read_wide(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

/* Eight characters of three bytes each, as in Chinese text: one shuffle puts the bytes of each into a number of its own. Where fewer stand in a row, those
 * are kept, and what follows is read one by one. That all eight are such must be a branch, so that the next eight need not wait for it. */
WIDE static long decode_wide(const uint8_t *at, const uint8_t *end, uint32_t *codes)
{
    const __m256i pick = _mm256_setr_epi8(2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1, 2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1);
    const __m256i kind = _mm256_set1_epi32(0xF00000), three = _mm256_set1_epi32(0xE00000);
    long n = 0;
    while (at < end) {
        if (end - at >= 28) {                               /* two loads of 16 bytes, the second from the 12th on */
            __m128i first = _mm_loadu_si128((const __m128i *)at), second = _mm_loadu_si128((const __m128i *)(at + 12));
            __m256i c = _mm256_shuffle_epi8(_mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1), pick);
            uint32_t are = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(_mm256_and_si256(c, kind), three)));
            __m256i low = _mm256_and_si256(c, _mm256_set1_epi32(0x3F)), middle = _mm256_and_si256(_mm256_srli_epi32(c, 2), _mm256_set1_epi32(0xFC0));
            __m256i high = _mm256_and_si256(_mm256_srli_epi32(c, 4), _mm256_set1_epi32(0xF000));
            _mm256_storeu_si256((__m256i *)(codes + n), _mm256_or_si256(low, _mm256_or_si256(middle, high)));
            if (are == 0xFF) { n += RUN; at += 3 * RUN; continue; }
            uint32_t count = _tzcnt_u32(~are);
            n += count; at += 3 * count;
        }
        do {
            at += decode(at, end, &codes[n++]);
        } while (at < end && *at < 0x80);
    }
    return n;
}

/* Moves up, from `i` to `kept`, run by run, until one has a character that the table says nothing of: SKIP, FAR, or more than 16 bits before. */
WIDE static long move_up(const uint32_t *codes, uint32_t *folded, int32_t *place, long i, long n, long *kept)
{
    const __m256i first = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i most = _mm256_set1_epi32(FAR - 1);
    long to = *kept;
    for (; i + RUN <= n; i += RUN, to += RUN) {
        __m256i f = _mm256_loadu_si256((const __m256i *)(folded + i)), places = _mm256_add_epi32(_mm256_set1_epi32((int)i), first);
        __m256i odd = _mm256_cmpgt_epi32(_mm256_max_epu32(f, _mm256_loadu_si256((const __m256i *)(codes + i))), most);
        if (!_mm256_testz_si256(odd, odd)) break;
        _mm256_storeu_si256((__m256i *)(folded + to), f);
        _mm256_storeu_si256((__m256i *)(place + to), places);
    }
    *kept = to;
    return i;
}

WIDE static inline __m256i load(const uint32_t *at) { return _mm256_loadu_si256((const __m256i *)at); }

WIDE static inline __m256i pairs_of(const uint32_t *f, long apart)
{
    __m256i a = load(f), b = load(f + apart);
    return _mm256_add_epi32(_mm256_add_epi32(_mm256_sub_epi32(_mm256_slli_epi32(a, 15), a), _mm256_slli_epi32(b, 7)), b);
}

WIDE static inline __m256i both_wide(__m256i pair, __m256i later)
{
    return _mm256_add_epi32(pair, _mm256_or_si256(_mm256_slli_epi32(later, 13), _mm256_srli_epi32(later, 19)));
}

WIDE static inline __m256i words_of(Map map, __m256i hash)
{
    return _mm256_i32gather_epi32((const int *)map.words, _mm256_and_si256(_mm256_srli_epi32(hash, 5), _mm256_set1_epi32((int)map.mask)), 4);
}

/* Moves the bit that a hash chooses to the top of its word. */
WIDE static inline __m256i lift(__m256i words, __m256i hash) { return _mm256_sllv_epi32(words, _mm256_andnot_si256(hash, _mm256_set1_epi32(31))); }

WIDE static inline __m256i has_wide(__m256i words, __m256i pair) { return _mm256_and_si256(lift(words, pair), lift(words, _mm256_srli_epi32(pair, 9))); }

/* May pass places behind the last one, where no string ends within the text. */
WIDE static inline __attribute__((always_inline)) long filter_by(int gaps, Map two, Map gapped, Map more, const uint32_t *f, long places, uint16_t *passed)
{
    long some = 0;
    for (long i = 0; i < places; i += RUN) {
        __m256i pair = pairs_of(f + i, 1), words = words_of(more, both_wide(pair, pairs_of(f + i + 1, 1)));
        __m256i last = pairs_of(f + i + 2, 1);
        __m256i tops = _mm256_or_si256(has_wide(words_of(two, pair), pair), _mm256_or_si256(has_wide(words, pair), has_wide(words, last)));
        if (gaps) {                                         /* most scanners have phrases; a bare list of terms reads one word less */
            __m256i far = words_of(gapped, pairs_of(f + i, 3));
            tops = _mm256_or_si256(tops, _mm256_or_si256(has_wide(far, pair), has_wide(far, last)));
        }
        uint32_t pass = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(tops));
        /* the numbers of the bits that are set, side by side */
        uint64_t numbers = _pext_u64(0x0706050403020100u, _pdep_u64(pass, 0x0101010101010101u) * 255);
        __m128i at = _mm_add_epi16(_mm_cvtepu8_epi16(_mm_cvtsi64_si128((long long)numbers)), _mm_set1_epi16((short)i));
        _mm_storeu_si128((__m128i *)(passed + some), at);
        some += __builtin_popcount(pass);
    }
    return some;
}
WIDE static long filter_wide(Map two, Map gapped, Map more, const uint32_t *f, long places, uint16_t *passed)
{
    return gapped.words ? filter_by(1, two, gapped, more, f, places, passed) : filter_by(0, two, gapped, more, f, places, passed);
}
#else
static int can_read_wide(void) { return 0; }
static long move_up(const uint32_t *codes, uint32_t *folded, int32_t *place, long i, long n, long *kept) { return i; }
#define decode_wide decode_plain
#define filter_wide filter_plain
#endif
