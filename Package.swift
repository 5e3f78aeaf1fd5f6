// swift-tools-version: 6.1
import PackageDescription

/// Settings for the targets that do arithmetic on whole buffers: optimised in debug builds too, because element-wise loops are
/// about a thousand times slower without it (docs/decisions/0002-numeric-targets.md). On x86-64 they are compiled for AVX2 and
/// FMA; `afterimage` says so plainly on a processor without them.
#if arch(x86_64)
  let numeric: [SwiftSetting] = [.unsafeFlags(["-O", "-Xcc", "-march=x86-64-v3"])]
#else
  let numeric: [SwiftSetting] = [.unsafeFlags(["-O"])]
#endif

/// Warnings are errors in our own code, in every target.
let strict: [SwiftSetting] = [
  .unsafeFlags(["-warnings-as-errors"]), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "afterimage",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "afterimage", targets: ["afterimage"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    // C libraries, each imported by one target of ours.
    .systemLibrary(
      name: "CFFmpegLibraries", pkgConfig: "libavformat",
      providers: [
        .apt(["libavdevice-dev", "libavformat-dev", "libavcodec-dev", "libavutil-dev", "libswscale-dev", "libswresample-dev"]),
        .brew(["ffmpeg"]),
      ]),
    .target(name: "CFFmpeg", dependencies: ["CFFmpegLibraries"]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-pthread-dev"]), .brew(["openblas"])]),
    .systemLibrary(
      name: "CTesseract", pkgConfig: "tesseract", providers: [.apt(["libtesseract-dev", "tesseract-ocr-eng"]), .brew(["tesseract"])]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3"])]),

    // The seeing tower.
    .target(name: "Core", swiftSettings: strict, linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "Media", dependencies: ["Core", "CFFmpeg"], swiftSettings: strict + numeric),
    .target(name: "Neural", dependencies: ["Core", "COpenBLAS", "CKernels"], swiftSettings: strict + numeric),
    .target(name: "Perception", dependencies: ["Core", "Media", "Neural", "CTesseract"], swiftSettings: strict + numeric),

    // The remembering tower.
    .target(
      name: "Memory", dependencies: ["Core", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: strict + numeric),
    .target(name: "Reasoning", dependencies: ["Core", "Memory"], swiftSettings: strict),

    // The roof.
    .target(
      name: "Pipeline",
      dependencies: [
        "Core", "Media", "Perception", "Memory", "Reasoning", .product(name: "Yams", package: "Yams"),
        .product(name: "Logging", package: "swift-log"), .product(name: "DequeModule", package: "swift-collections"),
      ], swiftSettings: strict),
    .executableTarget(
      name: "afterimage",
      dependencies: [
        "Core", "Pipeline", "CKernels", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ],
      swiftSettings: strict),

    .testTarget(name: "ArchitectureTests", swiftSettings: strict),
    .testTarget(name: "CoreTests", dependencies: ["Core"], swiftSettings: strict),
    .testTarget(name: "MediaTests", dependencies: ["Core", "Media"], swiftSettings: strict),
    .testTarget(name: "NeuralTests", dependencies: ["Core", "CKernels", "Neural"], exclude: ["Goldens"], swiftSettings: strict),
    .testTarget(name: "PerceptionTests", dependencies: ["Core", "Media", "Neural", "Perception"], swiftSettings: strict),
    .testTarget(
      name: "MemoryTests", dependencies: ["Core", "Memory", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: strict),
    .testTarget(name: "ReasoningTests", dependencies: ["Core", "Memory", "Reasoning"], swiftSettings: strict),
    .testTarget(
      name: "PipelineTests", dependencies: ["Core", "Media", "Perception", "Memory", "Reasoning", "Pipeline"], swiftSettings: strict),
    .testTarget(name: "CommandTests", dependencies: ["afterimage", "Core", "Pipeline"], swiftSettings: strict),
    .executableTarget(
      name: "Benchmarks", dependencies: ["Core", "Media", "Neural", "Perception", "Memory", "Reasoning"], path: "Tests/Benchmarks",
      exclude: [
        "reference", "answers.py", "bad-input.sh", "interruptions.sh", "live-alerts.py", "live-faults.py", "live-freshness.py",
        "live-load.py", "reading.py", "watch-table.py",
      ],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
