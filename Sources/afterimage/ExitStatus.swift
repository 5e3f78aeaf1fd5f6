import Core
import Pipeline

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the process tells its caller when it ends. Numbers from 64 on are those of BSD's `sysexits.h`.
enum ExitStatus: Int32, CaseIterable, Error {
  case done = 0
  case failure = 1
  case notInMemory = 3
  case usage = 64
  case badInput = 65
  case missingInput = 66
  case unavailable = 69
  case internalFault = 70
  case cannotCreate = 73
  case writing = 74
  case badPipeline = 78
  case interrupted = 130
  case closedPipe = 141
  case terminated = 143

  var meaning: String {
    switch self {
    case .done: "done"
    case .failure: "something else failed"
    case .notInMemory: "the memory holds no answer to the question"
    case .usage: "the command line makes no sense"
    case .badInput: "a file or memory is not what it claims to be, or is damaged"
    case .missingInput: "a file, memory or stream is not there or may not be read"
    case .unavailable: "a model is missing or broken, or the processor is not supported"
    case .internalFault: "a fault of this program"
    case .cannotCreate: "the memory cannot be created or opened for writing, or another process writes it"
    case .writing: "writing failed, for example on a full disk"
    case .badPipeline: "the pipeline file is malformed"
    case .interrupted: "interrupted (Ctrl-C); what was committed is kept"
    case .closedPipe: "the reader of the output went away"
    case .terminated: "asked to end (SIGTERM); what was committed is kept"
    }
  }

  static let table = allCases.map { "  \(String(repeating: " ", count: 3 - String($0.rawValue).count))\($0.rawValue)  \($0.meaning)" }
    .joined(separator: "\n")

  init(for error: any Error) {
    guard let error = error as? PipelineError else {
      switch (error as? any Failure)?.code {
      case .corruptInput, .limitExceeded: self = .badInput
      case .unavailable: self = .unavailable
      case .misconfigured: self = .usage
      case .endOfStream, .needsReset: self = .internalFault
      case nil: self = .failure
      }
      return
    }
    self =
      switch error.situation {
      case .missingInput, .notThere: .missingInput
      case .badInput: .badInput
      case .badPipeline: .badPipeline
      case .badArgument: .usage
      case .badModel: .unavailable
      case .cannotCreate: .cannotCreate
      case .writing: .writing
      case .internalFault: .internalFault
      }
  }

  /// Ends the process now, without waiting for the threads of models that are still computing.
  func leave() -> Never {
    Keyboard.giveBack()
    _exit(rawValue)
  }
}
