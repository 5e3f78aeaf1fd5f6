import Core
import Foundation
import Testing

@testable import Media

@Suite("pictures come out upright, in the right colours and sizes", .serialized)
struct PictureTests {
  let shop: Workshop
  init() throws { shop = try Workshop() }

  private func picture(_ path: String, _ rendition: Rendition) async throws -> Picture {
    let delivery = try await Delivery(path, MediaOptions(renditions: [rendition]))
    return try #require(delivery.frames.first).pictures[0]
  }

  /// What ffmpeg shows of the first frame, turned as it sees fit.
  private func reference(_ path: String, _ width: Int, _ height: Int) throws -> Picture {
    let raw = [UInt8](
      try shop.run("ffmpeg", ["-nostdin", "-v", "error", "-i", path, "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gbrp", "-"]))
    let plane = width * height
    try #require(raw.count == 3 * plane)
    return Picture(
      width: width, height: height, planes: 3, samples: Array(raw[(2 * plane)...] + raw[..<plane] + raw[plane..<2 * plane]))
  }

  private func difference(_ a: Picture, _ b: Picture) -> Double {
    guard a.samples.count == b.samples.count else { return .infinity }
    return Double(zip(a.samples, b.samples).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.samples.count)
  }

  @Test(
    "every turn and mirroring of the display matrix gives what ffmpeg shows",
    arguments: ["rotate=90", "rotate=180", "rotate=-90", "flip=horizontal", "flip=vertical", "none"])
  func turns(_ turn: String) async throws {
    try shop.ffmpeg("-f lavfi -i testsrc=s=96x64:r=5:d=1 -c:v libx264 -qp 0 -pix_fmt yuv444p flat.mp4")
    let filter =
      turn == "none" ? "" : "-bsf:v h264_metadata=display_orientation=insert:\(turn)"
    let path = try shop.ffmpeg("-i \(shop.path("flat.mp4")) -c copy \(filter) turned.ts")
    let swapped = turn.hasSuffix("90")
    let (width, height) = swapped ? (64, 96) : (96, 64)
    let ours = try await picture(path, .fit(width: 500, height: 500, planes: 3))
    #expect(ours.shape == "\(width)x\(height)x3")
    #expect(difference(ours, try reference(path, width, height)) < 0.7)
  }

  @Test("the display matrix of the container turns pictures, and the description says so", arguments: [90, 180, 270])
  func containerRotation(_ degrees: Int) async throws {
    try shop.ffmpeg("-f lavfi -i testsrc=s=96x64:r=5:d=1 -c:v libx264 -qp 0 -pix_fmt yuv444p flat.mp4")
    let path = try shop.ffmpeg("-i \(shop.path("flat.mp4")) -c copy -metadata:s:v rotate=\(degrees) turned.mp4")
    let (width, height) = degrees == 180 ? (96, 64) : (64, 96)
    let delivery = try await Delivery(
      path, MediaOptions(renditions: [.fit(width: 96, height: 96, planes: 3), .centreCrop(side: 40, from: 48)]))
    #expect(delivery.description.video?.rotation == 360 - degrees && delivery.description.video?.isMirrored == false)
    #expect(delivery.description.video?.width == width && delivery.description.video?.height == height)
    #expect(difference(delivery.frames[0].pictures[0], try reference(path, width, height)) < 0.7)
    #expect(delivery.frames[0].pictures[1].width == 40 && delivery.frames[0].pictures[1].height == 40)
  }

  @Test("odd sizes survive", arguments: ["63x47", "1x1", "2x199", "17x3"])
  func oddSizes(_ size: String) async throws {
    let path = try shop.ffmpeg(
      "-f lavfi -i testsrc2=s=256x256:r=5:d=1 -vf 'format=gbrp,scale=\(size.replacing("x", with: ":")),format=yuv420p' -c:v ffv1 odd.mkv")
    let ours = try await picture(path, .fit(width: 500, height: 500, planes: 3))
    #expect(ours.shape == size + "x3")
    let crop = try await picture(path, .centreCrop(side: 224, from: 256))
    #expect(crop.shape == "224x224x3")
  }

  @Test("pictures are never enlarged to fit, and keep their aspect when made smaller")
  func fitting() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=320x180:r=5:d=1 -c:v ffv1 wide.mkv")
    let small = try await picture(path, .fit(width: 100, height: 100, planes: 3))
    #expect(small.shape == "100x56x3")
    let same = try await picture(path, .fit(width: 1000, height: 1000, planes: 1))
    #expect(same.shape == "320x180x1")
  }

  @Test("pixels that are not square are made square")
  func sampleAspect() async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=72x64:r=5:d=1 -vf setsar=16/11 -c:v libx264 -pix_fmt yuv420p wide.mp4")
    let delivery = try await Delivery(path, MediaOptions(renditions: [.fit(width: 500, height: 500, planes: 3)]))
    #expect(delivery.frames[0].pictures[0].width == 105 && delivery.frames[0].pictures[0].height == 64)
    #expect(delivery.description.video?.width == 105)
  }

  @Test(
    "the colour matrix and range a file is tagged with are honoured",
    arguments: [("bt709", "tv"), ("smpte170m", "tv"), ("bt709", "pc"), ("smpte170m", "pc"), ("bt2020nc", "tv")])
  func colours(matrix: String, range: String) async throws {
    let name = matrix == "bt2020nc" ? "bt2020" : matrix
    let path = try shop.ffmpeg(
      """
      -f lavfi -i color=0xC04020:s=64x48:r=5:d=1 -vf 'scale=out_color_matrix=\(name):out_range=\(range),format=yuv444p' \
      -colorspace \(matrix) -color_range \(range) -c:v libx264 -qp 0 tagged.mkv
      """)
    let ours = try await picture(path, .fit(width: 64, height: 64, planes: 3))
    for (plane, wanted) in [192.0, 64, 32].enumerated() { #expect(abs(ours.mean(plane) - wanted) < 3, "\(ours.mean(plane))") }
    let grey = try await picture(path, .fit(width: 64, height: 64, planes: 1))
    let weights = ["bt709": [0.2126, 0.7152], "smpte170m": [0.299, 0.587], "bt2020nc": [0.2627, 0.6780]][matrix]!
    let luma = 192 * weights[0] + 64 * weights[1] + 32 * (1 - weights[0] - weights[1])
    #expect(abs(grey.mean(0) - luma) < 3, "\(grey.mean(0)) for \(luma)")
  }

  @Test(
    "grey spans the full range, whatever the pixel format",
    arguments: ["gray", "yuv420p", "yuvj420p", "rgb24", "yuv420p10le", "gray16le", "pal8"])
  func grey(format: String) async throws {
    for (colour, wanted) in [("white", 255.0), ("black", 0)] {
      let path = try shop.ffmpeg("-f lavfi -i color=\(colour):s=64x48:r=1:d=1 -pix_fmt \(format) -c:v rawvideo grey.nut")
      let grey = try await picture(path, .fit(width: 32, height: 32, planes: 1))
      #expect(abs(grey.mean(0) - wanted) < (format == "pal8" ? 3 : 1.1))
    }
  }

  @Test("a size that changes on the way changes the pictures")
  func sizeChange() async throws {
    try shop.ffmpeg("-f lavfi -i color=red:s=64x48:r=25:d=2 -c:v libx264 -pix_fmt yuv420p a.ts")
    try shop.ffmpeg("-f lavfi -i color=blue:s=96x96:r=25:d=2 -c:v libx264 -pix_fmt yuv420p -output_ts_offset 2 b.ts")
    let path = try shop.write("changing.ts", try shop.bytes("a.ts") + shop.bytes("b.ts"))
    let delivery = try await Delivery(
      path, MediaOptions(renditions: [.fit(width: 500, height: 500, planes: 3), .centreCrop(side: 24, from: 24)]))
    #expect(delivery.frames.map { $0.pictures[0].width } == [64, 64, 96, 96])
    #expect(delivery.frames.map { $0.pictures[1].mean(0) > 128 } == [true, true, false, false])
  }

  @Test("a squeezed picture shows the whole of it in a square", arguments: ["320x240", "240x320"])
  func squeezed(_ size: String) async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=\(size):r=1:d=1 -c:v rawvideo -pix_fmt gbrp source.nut")
    let ours = try await picture(path, .squeezed(side: 64))
    let flat = try shop.ffmpeg("-i \(path) -vf scale=64:64:flags=bicubic -c:v rawvideo -pix_fmt gbrp flat.nut")
    #expect(ours.shape == "64x64x3")
    #expect(difference(ours, try reference(flat, 64, 64)) < 3)
  }

  @Test("a centre cut matches an antialiased bicubic resize written from its definition", arguments: ["320x240", "240x320", "640x360"])
  func centreCrop(_ size: String) async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=\(size):r=1:d=1 -c:v rawvideo -pix_fmt gbrp source.nut")
    let whole = try await picture(path, .fit(width: 2000, height: 2000, planes: 3))
    #expect(whole.shape == size + "x3")
    let ours = try await picture(path, .centreCrop(side: 112, from: 128))
    let theirs = Self.reference(whole, side: 112, from: 128)
    #expect(difference(ours, theirs) < 0.75)
  }

  /// Pillow's `resize(BICUBIC)` in double precision, then a centre cut.
  private static func reference(_ source: Picture, side: Int, from: Int) -> Picture {
    let (w, h) = (source.width, source.height)
    let (tw, th) = w < h ? (from, from * h / w) : (from * w / h, from)
    func kernel(_ x: Double) -> Double {
      let x = abs(x)
      return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
    }
    func weights(_ out: Int, _ sizeIn: Int, _ sizeOut: Int) -> [(Int, Double)] {
      let scale = Double(sizeIn) / Double(sizeOut), stretch = max(scale, 1), centre = (Double(out) + 0.5) * scale
      let first = max(0, Int(centre - 2 * stretch + 0.5)), last = min(sizeIn, Int(centre + 2 * stretch + 0.5))
      let raw = (first..<last).map { kernel((Double($0) - centre + 0.5) / stretch) }
      return zip(first..<last, raw).map { ($0, $1 / raw.reduce(0, +)) }
    }
    func byte(_ value: Double) -> UInt8 { UInt8(min(max(value.rounded(), 0), 255)) }
    func middle(_ size: Int) -> Int { Int((Double(size - side) / 2).rounded(.toNearestOrEven)) }
    let (left, top) = (middle(tw), middle(th))
    var samples: [UInt8] = []
    for plane in 0..<3 {
      var rows = [[UInt8]](repeating: [], count: h)
      for y in 0..<h {
        rows[y] = (left..<left + side).map { x in
          byte(weights(x, w, tw).reduce(0) { $0 + Double(source.samples[(plane * h + y) * w + $1.0]) * $1.1 })
        }
      }
      for y in top..<top + side {
        let column = weights(y, h, th)
        for x in 0..<side { samples.append(byte(column.reduce(0) { $0 + Double(rows[$1.0][x]) * $1.1 })) }
      }
    }
    return Picture(width: side, height: side, planes: 3, samples: samples)
  }

  @Test("a picture survives the way through JPEG", arguments: [1, 3])
  func jpegRoundTrip(planes: Int) async throws {
    let path = try shop.ffmpeg("-f lavfi -i testsrc2=s=99x75:r=1:d=1 -vf gblur=4 -c:v ffv1 -pix_fmt gbrp source.mkv")
    let original = try await picture(path, .fit(width: 500, height: 500, planes: planes))
    let file = try jpeg(original, quality: 90)
    let back = try await picture(try shop.write("back.jpg", file), .fit(width: 500, height: 500, planes: planes))
    #expect(difference(original, back) < 4)
    #expect(try jpeg(original, quality: 20).count < file.count)
    #expect(throws: MediaError.self) { try jpeg(Picture(width: 0, height: 0, planes: 3, samples: []), quality: 50) }
  }

  @Test("digests are those of sha256sum")
  func digests() throws {
    let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
    let path = try shop.write("bytes", bytes)
    let wanted = String(try shop.words(of: "sha256sum", path).prefix(64))
    #expect(try sha256(ofFileAt: path) == wanted)
    #expect(sha256(of: bytes) == wanted)
    #expect(sha256(of: []) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(throws: MediaError.self) { try sha256(ofFileAt: shop.path("missing")) }
  }
}
