import CTesseract
import Core
import Foundation

/// Reads one line of text from a small grey picture with Tesseract's LSTM engine, on the calling thread alone.
///
/// Not for sharing: owned by one actor. *Source* Tesseract 5 C API (`tesseract/capi.h`).
struct LineRecogniser: ~Copyable {
  private let engine: OpaquePointer
  private let limitThreads: (@convention(c) (Int32) -> Void)?

  struct Word {
    var text: String
    /// 0...1.
    var confidence: Float
    /// Horizontal extent in the picture that was read, pixels.
    var left: Int
    var right: Int
  }

  /// - Parameters:
  ///   - language: Tesseract's name of the language data, for example `eng`, or several joined by `+`.
  ///   - folder: where `<language>.traineddata` is; nil for Tesseract's own place (or `TESSDATA_PREFIX`).
  /// - Throws: `unavailable` when the language data is not installed.
  init(language: String, folder: String? = nil) throws(PerceptionError) {
    guard let engine = TessBaseAPICreate() else { throw PerceptionError(.unavailable, "starting Tesseract: no memory") }
    // Tesseract otherwise reports every picture's estimated resolution on standard error.
    TessBaseAPISetVariable(engine, "debug_file", "/dev/null")
    guard TessBaseAPIInit2(engine, folder, language, OEM_LSTM_ONLY) == 0 else {
      TessBaseAPIDelete(engine)
      throw PerceptionError(
        .unavailable,
        "reading text needs Tesseract's data for language '\(language)', which is not installed: install the package tesseract-ocr-eng"
          + " (or tesseract-ocr-<language>), or point TESSDATA_PREFIX at the folder that holds \(language).traineddata")
    }
    TessBaseAPISetPageSegMode(engine, PSM_SINGLE_LINE)
    self.engine = engine
    limitThreads = Self.threadLimiter()
  }

  deinit { TessBaseAPIDelete(engine) }

  /// Tesseract asks OpenMP for four threads per line, which makes a busy two-core machine up to fifty times slower than one thread, and
  /// OpenMP reads `OMP_THREAD_LIMIT` before any code of ours runs. Allowing no active parallel region at all has the same effect, for the
  /// calling thread. nil where Tesseract was built without OpenMP.
  private static func threadLimiter() -> (@convention(c) (Int32) -> Void)? {
    guard let everything = dlopen(nil, RTLD_NOW), let symbol = dlsym(everything, "omp_set_max_active_levels") else { return nil }
    return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
  }

  /// - Parameter samples: grey, `[height, width]`, dark letters on a light ground read best.
  borrowing func read(_ samples: [UInt8], width: Int, height: Int) -> [Word] {
    limitThreads?(0)
    return samples.withUnsafeBufferPointer { samples in
      TessBaseAPISetImage(engine, samples.baseAddress, Int32(width), Int32(height), 1, Int32(width))
      // Any plausible figure will do: the line is scaled to the network's height whatever it says.
      TessBaseAPISetSourceResolution(engine, 150)
      defer { TessBaseAPIClear(engine) }
      guard TessBaseAPIRecognize(engine, nil) == 0, let iterator = TessBaseAPIGetIterator(engine) else { return [] }
      defer { TessResultIteratorDelete(iterator) }
      var words: [Word] = []
      repeat {
        guard let text = TessResultIteratorGetUTF8Text(iterator, RIL_WORD) else { continue }
        defer { TessDeleteText(text) }
        var (left, top, right, bottom): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        TessPageIteratorBoundingBox(TessResultIteratorGetPageIteratorConst(iterator), RIL_WORD, &left, &top, &right, &bottom)
        let confidence = TessResultIteratorConfidence(iterator, RIL_WORD) / 100
        words.append(Word(text: String(cString: text), confidence: min(max(confidence, 0), 1), left: Int(left), right: Int(right)))
      } while TessResultIteratorNext(iterator, RIL_WORD) != 0
      return words
    }
  }
}
