package import Bytes

/// Where what is meant for people is written, for exporters that are not spans or log records.
package struct ConsoleOutput: Sendable {
  package let style: ConsoleStyle
  private let output: StandardOutput

  package init(output: StandardOutput, style: ConsoleStyle) {
    self.output = output
    self.style = style
  }

  /// Writes one or more whole lines, which stay together.
  package func write(_ lines: borrowing ByteQueue) { output.append(lines) }
}
