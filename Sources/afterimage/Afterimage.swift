import Pipeline

@main
struct Afterimage {
  static func main() {}
}
