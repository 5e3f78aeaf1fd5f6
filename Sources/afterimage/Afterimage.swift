import ArgumentParser
import CKernels
import Core
import Pipeline

/// The command line.
struct Afterimage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "afterimage",
    abstract: "Watches video and sound once, remembers it, and answers questions about it with the times it rests on.",
    discussion: """
      afterimage watch talk.mp4 --memory talk.memory
      afterimage tail rtsp://camera/stream --memory porch.memory
      afterimage ask "when did the dog bark?" --memory talk.memory

      Exit status:
      \(ExitStatus.table)
      """,
    version: AfterimageVersion.current,
    subcommands: [
      WatchCommand.self, TailCommand.self, AskCommand.self, MemoryCommand.self, ModelsCommand.self, EvalCommand.self, BenchCommand.self,
    ])
}

@main
enum EntryPoint {
  static func main() async {
    Standard.ignoreClosedPipes()
    kernels_share_heaps()
    guard kernels_processor_is_supported() else {
      Standard.say("this processor lacks AVX2, FMA or F16C, which the models are compiled for; x86-64 processors since 2013 have them")
      ExitStatus.unavailable.leave()
    }
    if let complaint = UnknownCommand.complaint(about: Array(CommandLine.arguments.dropFirst())) {
      Standard.say(complaint)
      ExitStatus.usage.leave()
    }
    do {
      var command = try Afterimage.parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch let status as ExitStatus {
      status.leave()
    } catch let error as any Failure {
      Standard.say(PipelineError.line(for: error))
      ExitStatus(for: error).leave()
    } catch is CancellationError {
      ExitStatus.interrupted.leave()
    } catch {
      Afterimage.exit(withError: error)
    }
  }
}
