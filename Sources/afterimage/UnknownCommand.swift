import ArgumentParser
import Pipeline

/// A word where a command was expected.
enum UnknownCommand {
  /// What to say about it; nil when every command in front of the options is known.
  static func complaint(about arguments: [String], below root: any ParsableCommand.Type = Afterimage.self) -> String? {
    var command = root
    for argument in arguments {
      let known = command.configuration.subcommands
      if known.isEmpty || argument.hasPrefix("-") || argument == "help" { return nil }
      if let next = known.first(where: { $0._commandName == argument }) {
        command = next
        continue
      }
      let names = known.map { $0._commandName }
      let hint =
        Suggestion.nearest(to: argument, among: names).map { "did you mean '\($0)'?" } ?? "there is \(names.joined(separator: ", "))"
      return "'\(argument)' is not a command; \(hint)"
    }
    return nil
  }
}
