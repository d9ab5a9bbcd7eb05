/// What a fuzz target says about every input, and what is not so for this one.
struct BrokenInvariant: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

func require(
  _ condition: Bool, _ complaint: @autoclosure () -> String
) throws(BrokenInvariant) {
  if !condition { throw BrokenInvariant(complaint()) }
}

func requireEqual<Value: Equatable>(
  _ value: Value, _ expected: Value, _ subject: @autoclosure () -> String
) throws(BrokenInvariant) {
  if value != expected { throw BrokenInvariant("\(subject()): \(value), expected \(expected)") }
}
