/* What the scan does for eight characters at a time where the processor can (AVX2), beside the plain way, which gives the same. */
#include "texts.h"
#include <stdint.h>

enum { SKIP = 0xFFFF, FAR = 0xFFFE };       /* folding table: skipped; look into the far table */
enum { RUN = 8 };                           /* characters that are looked at together */

/* The code points of UTF-8. Returns how many. */
static long decode_plain(const uint8_t *data, const uint8_t *end, uint32_t *codes)
{
    long n = 0;
    while (data < end) data += decode(data, end, &codes[n++]);
    return n;
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

static void look_up(const uint16_t *table, const uint32_t *restrict codes, uint32_t *restrict folded, long n)
{
    for (long i = 0; i < n; i++) folded[i] = table[(uint16_t)codes[i]];
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
#else
static int can_read_wide(void) { return 0; }
#define decode_wide decode_plain
#endif
