import COpenBLAS

/// Arithmetic on whole buffers. Every matrix is row-major; a leading dimension (`lda` …) is the distance between the starts of two rows, so
/// that a matrix may be a part of a larger one, such as one attention head.
///
/// Every function runs on the calling thread alone: parallelism is the business of the actors above.
package enum Kernels {
  /// OpenBLAS is told once, here, to use the calling thread only.
  private static let singleThreaded: Void = openblas_set_num_threads(1)

  /// `c = alpha · a · b + beta · c`, where `a` is `[m, k]` (stored `[k, m]` when `transposedA`), `b` is `[k, n]` (stored `[n, k]` when
  /// `transposedB`) and `c` is `[m, n]`. With `beta` 0, `c` need not be initialised.
  package static func gemm(
    transposedA: Bool = false, transposedB: Bool = false, m: Int, n: Int, k: Int, alpha: Float = 1, _ a: UnsafePointer<Float>, lda: Int,
    _ b: UnsafePointer<Float>, ldb: Int, beta: Float = 0, _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    _ = singleThreaded
    guard m > 0, n > 0 else { return }
    cblas_sgemm(
      CblasRowMajor, transposedA ? CblasTrans : CblasNoTrans, transposedB ? CblasTrans : CblasNoTrans, blasint(m), blasint(n), blasint(k),
      alpha, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
  }

  /// The same in double precision, with `alpha` 1, `beta` 0 and nothing transposed.
  package static func gemm(
    m: Int, n: Int, k: Int, _ a: UnsafePointer<Double>, lda: Int, _ b: UnsafePointer<Double>, ldb: Int, _ c: UnsafeMutablePointer<Double>,
    ldc: Int
  ) {
    _ = singleThreaded
    guard m > 0, n > 0 else { return }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(m), blasint(n), blasint(k), 1, a, blasint(lda), b, blasint(ldb), 0, c, blasint(ldc)
    )
  }
}
