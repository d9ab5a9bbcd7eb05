/// The name of an error's type, for `exception.type` and `error.type`: with its module, and the
/// same in every run.
public enum ErrorTypeName {
  public static func of(_ error: any Error) -> String {
    stable(String(reflecting: type(of: error)))
  }

  /// The runtime shows where a private or local type is declared as an address
  /// (`Module.(unknown context at $55d2c0).Name`), which differs from run to run.
  static func stable(_ name: String) -> String {
    var result = ""
    var rest = name[...]
    while let start = rest.firstRange(of: "(unknown context at ") {
      guard let end = rest[start.upperBound...].firstRange(of: ").") else { break }
      result += rest[..<start.lowerBound]
      rest = rest[end.upperBound...]
    }
    return result + rest
  }
}
