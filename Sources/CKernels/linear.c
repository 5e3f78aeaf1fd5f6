// Linear layers over weights packed in panels of sixteen outputs: [panels][inputs][16]. A tile of up to six rows and sixteen outputs is kept
// in registers over all inputs, so that a panel is read from the cache once per tile and nothing is packed at run time (Goto and van de
// Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008, with the packing of one side done in advance).
#include "CKernels.h"
#include <string.h>
#include "target.h"

KERNELS_BEGIN

typedef float v8 __attribute__((vector_size(32), aligned(4)));

enum { tile_rows = 6, panel_width = 16, block_bytes = 512 << 10 };

static inline __attribute__((always_inline)) void tile(
    int rows, const float *panel, const float *bias, size_t inputs, const float *x, size_t x_stride, float *const *y,
    size_t width, int flags) {
  v8 sum[tile_rows][2];
  for (int r = 0; r < rows; r++) {
    for (int h = 0; h < 2; h++) sum[r][h] = bias ? *(const v8 *)(bias + 8 * h) : (v8){};
  }
  // Two pointers reach six rows with the multiples an address can hold; the compiler must not derive one from the other in the loop.
  const float *upper = x, *lower = x + (rows > 3 ? 3 * x_stride : 0);
  __asm__("" : "+r"(lower));
  for (size_t k = 0; k < inputs; k++) {
    v8 w[2];
    for (int h = 0; h < 2; h++) w[h] = *(const v8 *)(panel + panel_width * k + 8 * h);
    for (int r = 0; r < rows; r++) {
      float value = r < 3 ? upper[r * x_stride + k] : lower[(r - 3) * x_stride + k];
      sum[r][0] += value * w[0];
      sum[r][1] += value * w[1];
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++) {
    float part[panel_width];
    if (width < panel_width) memcpy(part, y[r], width * sizeof(float));
    v8 *target = (v8 *)(width < panel_width ? part : y[r]);
    if (flags & kernels_accumulate) {
      sum[r][0] += target[0];
      sum[r][1] += target[1];
    }
    v8 low = (v8){} + (flags & (kernels_relu | kernels_relu6) ? 0 : -__builtin_inff());
    v8 high = (v8){} + (flags & kernels_relu6 ? 6 : __builtin_inff());
    target[0] = __builtin_elementwise_min(__builtin_elementwise_max(sum[r][0], low), high);
    target[1] = __builtin_elementwise_min(__builtin_elementwise_max(sum[r][1], low), high);
    if (width < panel_width) memcpy(y[r], part, width * sizeof(float));
  }
}

static inline __attribute__((always_inline)) void tiles(
    const float *panel, const float *bias, size_t inputs, const float *x, size_t x_stride, size_t first, size_t last, float *y,
    size_t y_stride, size_t group, size_t group_stride, size_t width, int flags) {
  size_t member = first % group;
  y += first / group * group_stride;
  for (size_t row = first; row < last; row += tile_rows) {
    float *target[tile_rows];
    size_t rows = last - row < tile_rows ? last - row : tile_rows;
    for (size_t r = 0; r < rows; r++) {
      target[r] = y + member * y_stride;
      if (++member == group) {
        member = 0;
        y += group_stride;
      }
    }
    const float *source = x + row * x_stride;
    switch (rows) {
      case 6: tile(6, panel, bias, inputs, source, x_stride, target, width, flags); break;
      case 5: tile(5, panel, bias, inputs, source, x_stride, target, width, flags); break;
      case 4: tile(4, panel, bias, inputs, source, x_stride, target, width, flags); break;
      case 3: tile(3, panel, bias, inputs, source, x_stride, target, width, flags); break;
      case 2: tile(2, panel, bias, inputs, source, x_stride, target, width, flags); break;
      default: tile(1, panel, bias, inputs, source, x_stride, target, width, flags); break;
    }
  }
}

void kernels_linear(
    const float *packed, const float *bias, size_t inputs, size_t outputs, const float *x, size_t x_stride, size_t rows, float *y,
    size_t y_stride, size_t group, size_t group_stride, int flags) {
  // So many rows that they stay in the second-level cache while every panel passes over them.
  size_t block = block_bytes / sizeof(float) / (inputs + 1) / tile_rows * tile_rows;
  if (block < 8 * tile_rows) block = 8 * tile_rows;
  for (size_t first = 0; first < rows; first += block) {
    size_t last = rows - first < block ? rows : first + block;
    for (size_t column = 0; column < outputs; column += panel_width) {
      size_t width = outputs - column < panel_width ? outputs - column : panel_width;
      tiles(packed + column * inputs, bias ? bias + column : NULL, inputs, x, x_stride, first, last, y + column, y_stride, group,
            group_stride, width, flags);
    }
  }
}

KERNELS_END
