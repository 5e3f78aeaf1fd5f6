#include "CKernels.h"
#include <string.h>
#include "target.h"

KERNELS_BEGIN

void kernels_widen_half(const void *from, float *to, size_t count) {
  const unsigned char *bytes = from;
  size_t i = 0;
#if defined(__x86_64__)
  for (; i + 8 <= count; i += 8) {
    _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(bytes + 2 * i))));
  }
#endif
  for (; i < count; i++) {
    _Float16 half;
    memcpy(&half, bytes + 2 * i, 2);
    to[i] = (float)half;
  }
}

void kernels_widen_bfloat(const void *from, float *to, size_t count) {
  const unsigned char *bytes = from;
  for (size_t i = 0; i < count; i++) {
    uint16_t top;
    memcpy(&top, bytes + 2 * i, 2);
    uint32_t bits = (uint32_t)top << 16;
    memcpy(to + i, &bits, 4);
  }
}

void kernels_narrow_half(const float *from, uint16_t *to, size_t count) {
  size_t i = 0;
#if defined(__x86_64__)
  for (; i + 8 <= count; i += 8) {
    _mm_storeu_si128((__m128i *)(to + i), _mm256_cvtps_ph(_mm256_loadu_ps(from + i), _MM_FROUND_TO_NEAREST_INT));
  }
#endif
  for (; i < count; i++) {
    _Float16 half = (_Float16)from[i];
    memcpy(to + i, &half, 2);
  }
}

KERNELS_END
