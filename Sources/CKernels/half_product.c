#include "CKernels.h"
#include <string.h>
#include "target.h"

// y = W x + bias with W in half precision: reading the weights is what a step of a text decoder costs, and halves are half as much to read.
// Each weight is widened once and used for every row of x in the batch; R rows of W by B rows of x are summed in registers.

KERNELS_BEGIN

static inline float widen(const uint16_t *half) {
  _Float16 value;
  memcpy(&value, half, 2);
  return (float)value;
}

#if defined(__x86_64__)
static inline float sum8(__m256 v) {
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_movehdup_ps(x)));
}

#define TILE(R, B)                                                                                                                  \
  static inline void tile_##R##_##B(const uint16_t *w, size_t stride, size_t columns, const float *bias, const float *x, size_t xs, \
                                    float *y, size_t ys) {                                                                          \
    __m256 sums[R][B];                                                                                                              \
    for (int r = 0; r < R; r++)                                                                                                     \
      for (int b = 0; b < B; b++) sums[r][b] = _mm256_setzero_ps();                                                                 \
    size_t k = 0;                                                                                                                   \
    for (; k + 8 <= columns; k += 8) {                                                                                              \
      __m256 v[B];                                                                                                                  \
      _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++) v[b] = _mm256_loadu_ps(x + b * xs + k);                        \
      _Pragma("clang loop unroll(full)") for (int r = 0; r < R; r++) {                                                              \
        __m256 weight = _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(w + r * stride + k)));                                    \
        _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++) sums[r][b] = _mm256_fmadd_ps(weight, v[b], sums[r][b]);      \
      }                                                                                                                             \
    }                                                                                                                               \
    for (int r = 0; r < R; r++)                                                                                                     \
      for (int b = 0; b < B; b++) {                                                                                                 \
        float total = sum8(sums[r][b]);                                                                                             \
        for (size_t i = k; i < columns; i++) total += widen(w + r * stride + i) * x[b * xs + i];                                    \
        y[b * ys + r] = total + (bias ? bias[r] : 0);                                                                               \
      }                                                                                                                             \
  }
#else
#define TILE(R, B)                                                                                                                  \
  static inline void tile_##R##_##B(const uint16_t *w, size_t stride, size_t columns, const float *bias, const float *x, size_t xs, \
                                    float *y, size_t ys) {                                                                          \
    for (int r = 0; r < R; r++) {                                                                                                   \
      float sums[B][8] = {{0}};                                                                                                     \
      size_t k = 0;                                                                                                                 \
      for (; k + 8 <= columns; k += 8) {                                                                                            \
        _Float16 weight[8];                                                                                                         \
        memcpy(weight, w + r * stride + k, sizeof weight);                                                                          \
        for (int b = 0; b < B; b++)                                                                                                 \
          for (int i = 0; i < 8; i++) sums[b][i] += (float)weight[i] * x[b * xs + k + i];                                           \
      }                                                                                                                             \
      for (int b = 0; b < B; b++) {                                                                                                 \
        float total = 0;                                                                                                            \
        for (int i = 0; i < 8; i++) total += sums[b][i];                                                                            \
        for (size_t i = k; i < columns; i++) total += widen(w + r * stride + i) * x[b * xs + i];                                    \
        y[b * ys + r] = total + (bias ? bias[r] : 0);                                                                               \
      }                                                                                                                             \
    }                                                                                                                               \
  }
#endif

#define ROWS(R, B)                                                                                                                 \
  TILE(R, B)                                                                                                                       \
  TILE(1, B)                                                                                                                       \
  static void rows_##B(const uint16_t *w, size_t rows, size_t stride, size_t columns, const float *bias, const float *x, size_t xs, \
                       float *y, size_t ys) {                                                                                      \
    size_t r = 0;                                                                                                                  \
    for (; r + R <= rows; r += R) tile_##R##_##B(w + r * stride, stride, columns, bias ? bias + r : NULL, x, xs, y + r, ys);        \
    for (; r < rows; r++) tile_1_##B(w + r * stride, stride, columns, bias ? bias + r : NULL, x, xs, y + r, ys);                    \
  }

ROWS(8, 1)
ROWS(4, 2)
ROWS(4, 3)
ROWS(3, 4)
ROWS(2, 5)
ROWS(2, 6)

void kernels_half_product(const uint16_t *weight, size_t rows, size_t stride, size_t columns, const float *bias, const float *x,
                          size_t x_stride, size_t batch, float *y, size_t y_stride) {
  while (batch > 0) {
    size_t now = batch <= 6 ? batch : batch == 7 ? 4 : batch >= 10 || batch == 8 ? 4 : 5;
    switch (now) {
      case 1: rows_1(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
      case 2: rows_2(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
      case 3: rows_3(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
      case 4: rows_4(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
      case 5: rows_5(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
      default: rows_6(weight, rows, stride, columns, bias, x, x_stride, y, y_stride); break;
    }
    batch -= now;
    x += now * x_stride;
    y += now * y_stride;
  }
}

KERNELS_END
