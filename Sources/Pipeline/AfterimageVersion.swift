/// The version `--version` prints.
package enum AfterimageVersion {
  package static let current = "0.1.0"
}
