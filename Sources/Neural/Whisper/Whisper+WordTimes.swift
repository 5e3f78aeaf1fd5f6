import Core
import Foundation

extension Whisper {
  /// Adds words with times to the segments of a window, and draws the segments' own times to their words.
  ///
  /// *Source*: `add_word_timestamps` of openai/whisper.
  func addWords(to segments: inout [Transcript.Segment], pieces: [Piece], window: Window, options: Options) {
    let text = pieces.flatMap(\.tokens)
    let begins = alignment(of: text, window: window, options: options)
    guard begins.count == text.count + 1 else { return }
    let cutter = WhisperWords(tokenizer: tokenizer)
    var words: [(segment: Int, word: Transcript.Word)] = []
    var offset = 0
    for (index, piece) in pieces.enumerated() {
      for word in cutter.words(in: piece.tokens, language: window.language) {
        let logProbabilities = piece.logProbabilities[word.tokens]
        let probability = logProbabilities.reduce(0) { $0 + expf($1) } / Float(max(1, logProbabilities.count))
        func seconds(_ token: Int) -> Double {
          min(window.endSeconds, window.startSeconds + Double(begins[offset + token]) * WhisperTokens.secondsPerPosition)
        }
        words.append(
          (
            index,
            Transcript.Word(
              text: word.text, start: seconds(word.tokens.lowerBound), end: seconds(word.tokens.upperBound),
              probability: min(1, probability)
            )
          ))
      }
      offset += piece.tokens.count
    }
    Self.trimLongWords(&words)
    for index in segments.indices {
      var own = words.filter { $0.segment == index }.map(\.word)
      Self.reconcile(&own, with: &segments[index], usual: Self.usualDuration(words.map(\.word)))
      segments[index].words = own.compactMap { word in
        let text = word.text.trimmingCharacters(in: .whitespaces)
        return text.isEmpty ? nil : Transcript.Word(text: text, start: word.start, end: word.end, probability: word.probability)
      }
    }
  }

  private static let sentenceEnds: Set<Character> = [".", "。", "!", "！", "?", "？"]

  /// The median duration of a word, at most 0.7 s: a pause that the alignment gave to a word must not count as speech.
  private static func usualDuration(_ words: [Transcript.Word]) -> Double {
    let durations = words.map { $0.end - $0.start }.filter { $0 > 0 }.sorted()
    return durations.isEmpty ? 0 : min(0.7, durations[durations.count / 2])
  }

  /// A word at the end or beginning of a sentence that lasts much longer than usual has swallowed a pause: give it back.
  private static func trimLongWords(_ words: inout [(segment: Int, word: Transcript.Word)]) {
    let longest = 2 * usualDuration(words.map(\.word))
    guard longest > 0 else { return }
    for i in words.indices where i > 0 && words[i].word.end - words[i].word.start > longest {
      if words[i].word.text.last.map(sentenceEnds.contains) == true {
        words[i].word.end = words[i].word.start + longest
      } else if words[i - 1].word.text.last.map(sentenceEnds.contains) == true {
        words[i].word.start = words[i].word.end - longest
      }
    }
  }

  /// Draws the words' outer times and the segment's towards each other: a first or last word far longer than usual follows the segment's
  /// timestamp, otherwise the segment follows the word.
  private static func reconcile(_ words: inout [Transcript.Word], with segment: inout Transcript.Segment, usual: Double) {
    guard let last = words.indices.last else { return }
    let longest = 2 * usual
    if words[0].end - words[0].start > longest, usual > 0 {
      // After a pause the first word's own start is worth little: it ends where the second begins.
      words[0].start = max(words[0].start, min(words[0].end - usual, max(segment.start, words[0].end - longest)))
    }
    if words[last].end - words[last].start > longest, usual > 0 {
      words[last].end = min(words[last].end, max(words[last].start + usual, min(segment.end, words[last].start + longest)))
    }
    segment.start = words[0].start
    segment.end = words[last].end
  }
}
