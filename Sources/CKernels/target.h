// KERNELS_BEGIN … KERNELS_END compiles the functions between them for AVX2, FMA and F16C on x86-64, which is what
// kernels_processor_is_supported checks, and for the default processor elsewhere.
#pragma once
#if defined(__x86_64__)
#include <immintrin.h>
#define KERNELS_BEGIN _Pragma("clang attribute push(__attribute__((target(\"avx2,fma,f16c\"))), apply_to = function)")
#define KERNELS_END _Pragma("clang attribute pop")
#else
#define KERNELS_BEGIN
#define KERNELS_END
#endif
