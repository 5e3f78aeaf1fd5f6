#include "CKernels.h"
#ifdef __GLIBC__
#include <malloc.h>
#endif

bool kernels_processor_is_supported(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
#else
  return true;
#endif
}

void kernels_share_heaps(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 2);
#endif
}

void kernels_keep_heaps_whole(void) {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 512 * 1024);
#endif
}

void kernels_return_freed_memory(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}
