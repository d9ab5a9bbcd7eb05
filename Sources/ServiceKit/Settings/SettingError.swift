/// A setting that cannot be used: which, and what is wrong with it.
package struct SettingError: Error, Hashable, CustomStringConvertible {
  package let name: String
  package let problem: String

  package init(_ name: String, _ problem: String) {
    self.name = name
    self.problem = problem
  }

  package var description: String { "\(name): \(problem)" }
}
