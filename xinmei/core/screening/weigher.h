/* What the scan may ask of the typo model: an opened model is a capsule of this name that points to a Weigher. */
#include <stdint.h>

#define OPENED_MODEL "xinmei.typos.model"
enum { BRIEF = 64 };

typedef struct Weigher {
    /* How much more expected the second text is than the first, read forward and backward, in 1/256 bits; of at most BRIEF code points each. */
    int32_t (*gain)(const struct Weigher *self, const uint32_t *plain, long plain_size, const uint32_t *better, long better_size);
} Weigher;
