import CFFmpeg
import Core

/// Which of a container's streams are read, and what there is to say about all of them.
struct StreamChoice {
  var video: Int?
  var audio: Int?
  var description: MediaDescription

  init(_ container: borrowing Container, _ options: MediaOptions) throws(MediaError) {
    try self.init(
      streams: container.streams.compactMap { $0 }, context: container.context, name: container.path, format: container.formatName, options)
  }

  init(
    streams: [UnsafeMutablePointer<AVStream>], context: UnsafeMutablePointer<AVFormatContext>, name: String, format: String,
    _ options: MediaOptions
  ) throws(MediaError) {
    let audio = streams.filter { $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO }
    let tracks = audio.enumerated().map { Self.track($0.offset, $0.element) }
    let video = options.video ? Self.video(among: streams) : nil
    let chosen = try Self.audioTrack(context, name, audio, tracks, options.audioTrack, besides: video)
    self.video = video.map { Int($0.pointee.index) }
    self.audio = chosen.map { Int(audio[$0].pointee.index) }
    guard self.video != nil || self.audio != nil else { throw Self.nothing(name, streams, options) }
    if let video { try Self.checkSize(video, name, options.limits) }

    let starts = [video, chosen.map { audio[$0] }].compactMap { $0 }.filter { $0.pointee.start_time != ffmpeg_nopts_value }
      .map { StreamClock.nanoseconds($0.pointee.start_time, $0.pointee.time_base) }
    let claimed = context.pointee.duration
    description = MediaDescription(
      container: format,
      duration: claimed > 0 && claimed < Int64.max / 1000 ? MediaTime(nanoseconds: claimed * 1000) : nil,
      startTime: MediaTime(nanoseconds: starts.min() ?? 0), video: video.map { Self.describe($0) }, audioTracks: tracks,
      chosenAudioTrack: chosen)
  }

  /// Whether a start time is known, or must be taken from the first packet.
  static func origin(_ container: borrowing Container, _ choice: StreamChoice) -> Int64? {
    let chosen = [choice.video, choice.audio].compactMap { $0 }.compactMap { container.streams[$0] }
    return chosen.contains { $0.pointee.start_time != ffmpeg_nopts_value } ? choice.description.startTime.nanoseconds : nil
  }

  /// The default video stream, else the largest; never cover art.
  private static func video(among streams: [UnsafeMutablePointer<AVStream>]) -> UnsafeMutablePointer<AVStream>? {
    let stills = AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS
    let candidates = streams.filter {
      $0.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO && $0.pointee.disposition & stills == 0
        && avcodec_find_decoder($0.pointee.codecpar.pointee.codec_id) != nil
    }
    func rank(_ stream: UnsafeMutablePointer<AVStream>) -> (Int, Int) {
      let isDefault = stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0
      let size = Int(stream.pointee.codecpar.pointee.width) * Int(stream.pointee.codecpar.pointee.height)
      return (isDefault && size > 0 ? 1 : 0, size)
    }
    var best: UnsafeMutablePointer<AVStream>?
    for candidate in candidates where best.map({ rank(candidate) > rank($0) }) ?? true { best = candidate }
    return best
  }

  /// The best track of the programme that the video belongs to, unless one is asked for.
  ///
  /// *Returns* the position among the audio tracks.
  private static func audioTrack(
    _ context: UnsafeMutablePointer<AVFormatContext>, _ name: String, _ audio: [UnsafeMutablePointer<AVStream>],
    _ tracks: [MediaDescription.AudioTrack],
    _ wanted: MediaOptions.AudioTrack, besides video: UnsafeMutablePointer<AVStream>?
  ) throws(MediaError) -> Int? {
    switch wanted {
    case .none: return nil
    case .automatic:
      let best = av_find_best_stream(context, AVMEDIA_TYPE_AUDIO, -1, video?.pointee.index ?? -1, nil, 0)
      guard best >= 0 else { return nil }
      let index = audio.firstIndex { $0.pointee.index == best }
      return index.flatMap { avcodec_find_decoder(audio[$0].pointee.codecpar.pointee.codec_id) == nil ? nil : $0 }
    case .index(let index):
      guard tracks.indices.contains(index) else {
        let list = tracks.map { "\($0.index)\($0.language.map { " (\($0))" } ?? "")" }.joined(separator: ", ")
        throw MediaError(
          .misconfigured, "\(name): has no audio track \(index); " + (tracks.isEmpty ? "it has none" : "it has \(list)"))
      }
      return index
    }
  }

  private static func checkSize(
    _ stream: UnsafeMutablePointer<AVStream>, _ path: String, _ limits: MediaLimits
  ) throws(MediaError) {
    let (width, height) = (Int(stream.pointee.codecpar.pointee.width), Int(stream.pointee.codecpar.pointee.height))
    guard width * height > limits.pixels else { return }
    throw MediaError(
      .limitExceeded, "\(path): pictures of \(width)x\(height) are larger than the \(limits.pixels / 1_000_000) megapixels that are read")
  }

  private static func nothing(
    _ path: String, _ streams: [UnsafeMutablePointer<AVStream>], _ options: MediaOptions
  ) -> MediaError {
    let media = streams.filter {
      [AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO].contains($0.pointee.codecpar.pointee.codec_type)
        && $0.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
    let missing = media.filter { avcodec_find_decoder($0.pointee.codecpar.pointee.codec_id) == nil }
    if !missing.isEmpty, missing.count == media.count {
      let names = missing.map { String(cString: avcodec_get_name($0.pointee.codecpar.pointee.codec_id)) }.joined(separator: ", ")
      return MediaError(.unavailable, "\(path): this FFmpeg has no decoder for \(names)")
    }
    if !media.isEmpty { return MediaError(.misconfigured, "\(path): has neither of what was asked for, pictures or sound") }
    return MediaError(.corruptInput, "\(path): contains neither video nor audio")
  }

  private static func describe(_ stream: UnsafeMutablePointer<AVStream>) -> MediaDescription.Video {
    let parameters = stream.pointee.codecpar.pointee
    var size = 0
    let matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size)
    let orientation =
      matrix.map { data in size < 36 ? .upright : data.withMemoryRebound(to: Int32.self, capacity: 9) { Orientation(matrix: $0) } }
      ?? .upright
    let aspect = stream.pointee.sample_aspect_ratio.num > 0 ? stream.pointee.sample_aspect_ratio : parameters.sample_aspect_ratio
    let upright = PictureScaler.uprightSize(width: Int(parameters.width), height: Int(parameters.height), aspect: aspect, orientation)
    let rate = stream.pointee.avg_frame_rate
    return MediaDescription.Video(
      codec: String(cString: avcodec_get_name(parameters.codec_id)), width: upright.width, height: upright.height,
      rotation: orientation.degrees, isMirrored: orientation.isMirrored,
      framesPerSecond: rate.num > 0 && rate.den > 0 ? Double(rate.num) / Double(rate.den) : 0)
  }

  private static func track(_ index: Int, _ stream: UnsafeMutablePointer<AVStream>) -> MediaDescription.AudioTrack {
    let parameters = stream.pointee.codecpar.pointee
    func tag(_ key: String) -> String? {
      av_dict_get(stream.pointee.metadata, key, nil, 0).map { String(cString: $0.pointee.value) }
    }
    return MediaDescription.AudioTrack(
      index: index, codec: String(cString: avcodec_get_name(parameters.codec_id)),
      language: tag("language").flatMap { $0 == "und" ? nil : $0 }, title: tag("title"),
      sampleRateHertz: Int(parameters.sample_rate), channels: Int(parameters.ch_layout.nb_channels),
      isDefault: stream.pointee.disposition & AV_DISPOSITION_DEFAULT != 0)
  }
}
