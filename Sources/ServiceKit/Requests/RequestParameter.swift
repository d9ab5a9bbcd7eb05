package import APIDescription

/// Something that a request can say: how it is read, and how it is described.
package protocol RequestParameter: Sendable {
  associatedtype Value

  var documentation: ParameterDescription { get }

  /// Its value. What is wrong with it, `reader` is told; any value will do then.
  func read(_ reader: inout ParameterReader) -> Value
}
