import Core

/// The weights of one layer of Whisper's decoder.
struct WhisperDecoderBlock: Sendable {
  let attentionNorm: WhisperLayerNorm
  let queryKeyValue: HalfMatrix  // [3 · width, width]
  let output: HalfMatrix  // [width, width]
  let soundNorm: WhisperLayerNorm
  let soundQuery: HalfMatrix  // [width, width]
  let soundKey: [Float]  // [width, width]
  let soundValue: [Float]  // [width, width]
  let soundValueBias: [Float]  // [width]
  let soundOutput: HalfMatrix  // [width, width]
  let innerNorm: WhisperLayerNorm
  let up: HalfMatrix  // [inner width, width]
  let down: HalfMatrix  // [width, inner width]

  init(_ weights: SafetensorsFile, layer: Int, configuration: WhisperConfiguration) throws {
    let name = "model.decoder.layers.\(layer)"
    let (width, inner) = (configuration.width, configuration.decoderInnerWidth)
    func matrix(_ part: String, _ rows: Int, _ columns: Int) throws -> HalfMatrix {
      HalfMatrix(
        rows: rows, columns: columns, bits: try weights.halves("\(name).\(part).weight", shape: [rows, columns]).bits,
        bias: try weights.tensor("\(name).\(part).bias", shape: [rows]).values)
    }
    var joined = (bits: [UInt16](), bias: [Float]())
    for part in ["q", "k", "v"] {
      joined.bits += try weights.halves("\(name).self_attn.\(part)_proj.weight", shape: [width, width]).bits
      joined.bias +=
        part == "k"
        ? [Float](repeating: 0, count: width) : try weights.tensor("\(name).self_attn.\(part)_proj.bias", shape: [width]).values
    }
    attentionNorm = try WhisperLayerNorm(weights, "\(name).self_attn_layer_norm", width: width)
    queryKeyValue = HalfMatrix(rows: 3 * width, columns: width, bits: joined.bits, bias: joined.bias)
    output = try matrix("self_attn.out_proj", width, width)
    soundNorm = try WhisperLayerNorm(weights, "\(name).encoder_attn_layer_norm", width: width)
    soundQuery = try matrix("encoder_attn.q_proj", width, width)
    soundKey = try weights.tensor("\(name).encoder_attn.k_proj.weight", shape: [width, width]).values
    soundValue = try weights.tensor("\(name).encoder_attn.v_proj.weight", shape: [width, width]).values
    soundValueBias = try weights.tensor("\(name).encoder_attn.v_proj.bias", shape: [width]).values
    soundOutput = try matrix("encoder_attn.out_proj", width, width)
    innerNorm = try WhisperLayerNorm(weights, "\(name).final_layer_norm", width: width)
    up = try matrix("fc1", inner, width)
    down = try matrix("fc2", width, inner)
  }
}
