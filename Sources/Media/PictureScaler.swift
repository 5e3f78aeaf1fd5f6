import CFFmpeg
import Core

/// Makes one rendition of native frames: scaled, converted to red, green and blue planes or grey, cut and turned upright.
///
/// *Source* libswscale, bicubic with a = -0.5 and the kernel widened when scaling down, as Pillow's `BICUBIC`; exact rounding, so that
/// every machine gives the same bytes.
final class PictureScaler {
  let rendition: Rendition

  /// What the scaler's context was made for; a frame that differs gets a new one.
  private struct Source: Equatable {
    var width, height, format: Int32
    var colours: Int32
    var isFullRange: Bool
    var target: Layout
  }

  /// Sizes in the coded orientation.
  private struct Layout: Equatable {
    /// The whole picture, scaled.
    var width, height: Int
    /// The cut of it, upright.
    var cutLeft, cutTop, cutWidth, cutHeight: Int
  }

  private var source: Source?
  private var context: OpaquePointer?
  /// Scaled planes with padded rows: libswscale writes whole vectors.
  private var scratch: UnsafeMutableRawBufferPointer?
  private var stride = 0

  init(_ rendition: Rendition) { self.rendition = rendition }

  deinit {
    sws_freeContext(context)
    scratch?.deallocate()
  }

  private var planes: Int {
    switch rendition {
    case .centreCrop, .squeezed: 3
    case .fit(_, _, let planes): planes
    }
  }

  /// *Returns* nil for a frame that libswscale cannot convert.
  func picture(of frame: UnsafeMutablePointer<AVFrame>, orientation: Orientation) -> Picture? {
    guard frame.pointee.width > 0, frame.pointee.height > 0, prepare(for: frame, orientation), let source, let scratch else { return nil }
    let plane = stride * source.target.height
    let base = scratch.baseAddress!.assumingMemoryBound(to: UInt8.self)
    // GBRP: green, blue, red; kept as red, green, blue.
    let rows =
      planes == 3
      ? ffmpeg_scale(context, frame, base + plane, base + 2 * plane, base, Int32(stride))
      : ffmpeg_scale(context, frame, base, nil, nil, Int32(stride))
    guard rows > 0 else { return nil }
    return cut(base, plane, source.target, orientation)
  }

  private func prepare(for frame: UnsafeMutablePointer<AVFrame>, _ orientation: Orientation) -> Bool {
    let wanted = Source(
      width: frame.pointee.width, height: frame.pointee.height, format: frame.pointee.format, colours: Self.colours(of: frame),
      isFullRange: Self.isFullRange(frame), target: layout(for: frame, orientation))
    if wanted == source { return context != nil }
    sws_freeContext(context)
    scratch?.deallocate()
    (context, scratch, source) = (nil, nil, wanted)
    stride = (wanted.target.width + 127) / 64 * 64
    scratch = .allocate(byteCount: planes * stride * wanted.target.height + 256, alignment: 64)
    context = Self.context(from: wanted, to: planes == 3 ? AV_PIX_FMT_GBRP : AV_PIX_FMT_GRAY8)
    return context != nil
  }

  private static func context(from source: Source, to format: AVPixelFormat) -> OpaquePointer? {
    let from = AVPixelFormat(rawValue: source.format)
    guard sws_isSupportedInput(from) > 0 else { return nil }
    var parameters: [Double] = [0, 0.5]
    let flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT
    let context = sws_getContext(
      source.width, source.height, from, Int32(source.target.width), Int32(source.target.height), format, flags, nil, nil, &parameters)
    if let context { _ = ffmpeg_set_scale_colours(context, source.colours, source.isFullRange ? 1 : 0, 1) }
    return context
  }

  private func layout(for frame: UnsafeMutablePointer<AVFrame>, _ orientation: Orientation) -> Layout {
    let size = Self.uprightSize(
      width: Int(frame.pointee.width), height: Int(frame.pointee.height), aspect: frame.pointee.sample_aspect_ratio, orientation)
    let scaled: (width: Int, height: Int)
    var (left, top, width, height) = (0, 0, 0, 0)
    switch rendition {
    case .centreCrop(let side, let from):
      // A sliver is squeezed rather than scaled to a giant.
      let ratio = min(Double(max(size.width, size.height)) / Double(min(size.width, size.height)), 16)
      let long = max(Int(Double(from) * ratio), from)
      scaled = size.width < size.height ? (from, long) : (long, from)
      (width, height) = (min(side, scaled.width), min(side, scaled.height))
      left = Int((Double(scaled.width - width) / 2).rounded(.toNearestOrEven))
      top = Int((Double(scaled.height - height) / 2).rounded(.toNearestOrEven))
    case .squeezed(let side):
      scaled = (side, side)
      (width, height) = scaled
    case .fit(let limitWidth, let limitHeight, _):
      let scale = min(1, min(Double(limitWidth) / Double(size.width), Double(limitHeight) / Double(size.height)))
      scaled = (max(1, Int((Double(size.width) * scale).rounded())), max(1, Int((Double(size.height) * scale).rounded())))
      (width, height) = scaled
    }
    let coded = orientation.swapsAxes ? (scaled.height, scaled.width) : scaled
    return Layout(width: coded.0, height: coded.1, cutLeft: left, cutTop: top, cutWidth: width, cutHeight: height)
  }

  /// The size of the upright picture in square pixels.
  static func uprightSize(width: Int, height: Int, aspect: AVRational, _ orientation: Orientation) -> (width: Int, height: Int) {
    var wide = width
    if aspect.num > 0, aspect.den > 0, aspect.num != aspect.den {
      // Beyond 1:16 an aspect ratio is a lie.
      let ratio = min(max(Double(aspect.num) / Double(aspect.den), 1 / 16), 16)
      wide = max(1, Int((Double(width) * ratio).rounded()))
    }
    return orientation.swapsAxes ? (height, wide) : (wide, height)
  }

  private func cut(_ base: UnsafeMutablePointer<UInt8>, _ plane: Int, _ layout: Layout, _ turn: Orientation) -> Picture {
    let (width, height) = (layout.cutWidth, layout.cutHeight)
    // Where upright (0, 0) lies in the coded plane, and the steps to the next upright column and row.
    let fullWidth = turn.swapsAxes ? layout.height : layout.width
    let fullHeight = turn.swapsAxes ? layout.width : layout.height
    let firstColumn = turn.flipsColumns ? fullWidth - 1 - layout.cutLeft : layout.cutLeft
    let firstRow = turn.flipsRows ? fullHeight - 1 - layout.cutTop : layout.cutTop
    let column = (turn.swapsAxes ? stride : 1) * (turn.flipsColumns ? -1 : 1)
    let row = (turn.swapsAxes ? 1 : stride) * (turn.flipsRows ? -1 : 1)
    let origin = turn.swapsAxes ? firstColumn * stride + firstRow : firstRow * stride + firstColumn
    let samples = [UInt8](unsafeUninitializedCapacity: planes * width * height) { target, count in
      var out = target.baseAddress!
      for index in 0..<planes {
        var line = base + index * plane + origin
        for _ in 0..<height {
          if column == 1 {
            out.update(from: line, count: width)
          } else {
            var pixel = line
            for x in 0..<width {
              out[x] = pixel.pointee
              pixel += column
            }
          }
          out += width
          line += row
        }
      }
      count = planes * width * height
    }
    return Picture(width: width, height: height, planes: planes, samples: samples)
  }

  /// libswscale's number of the YUV matrix. Untagged pictures are taken for BT.709 from 720 lines or 1280 columns on, else for BT.601, as
  /// players do.
  private static func colours(of frame: UnsafeMutablePointer<AVFrame>) -> Int32 {
    switch frame.pointee.colorspace {
    case AVCOL_SPC_BT709: SWS_CS_ITU709
    case AVCOL_SPC_FCC: SWS_CS_FCC
    case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M: SWS_CS_ITU601
    case AVCOL_SPC_SMPTE240M: SWS_CS_SMPTE240M
    case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
    default: frame.pointee.width >= 1280 || frame.pointee.height >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601
    }
  }

  private static func isFullRange(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    if frame.pointee.color_range == AVCOL_RANGE_JPEG { return true }
    switch AVPixelFormat(rawValue: frame.pointee.format) {
    case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P, AV_PIX_FMT_YUVJ411P: return true
    default: return false
    }
  }
}
