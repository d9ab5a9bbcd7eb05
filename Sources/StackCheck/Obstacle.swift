/// Why a question got no answer that can be read.
package struct Obstacle: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
