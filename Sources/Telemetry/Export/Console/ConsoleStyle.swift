package import Bytes
import Glibc
package import OTLP

/// How things look in a terminal.
package struct ConsoleStyle: Sendable, Equatable {
  /// Whether the terminal understands colours (ECMA-48 SGR).
  package let isColoured: Bool

  package init(isColoured: Bool) { self.isColoured = isColoured }

  /// Coloured on a terminal, plain elsewhere, and plain wherever `NO_COLOR` is set.
  package static func forDescriptor(_ descriptor: Int32) -> ConsoleStyle {
    ConsoleStyle(isColoured: isatty(descriptor) == 1 && getenv("NO_COLOR") == nil)
  }

  package enum Colour: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
    case grey = 90
  }

  /// Appends what `body` writes, in a colour.
  package func append(
    in colour: Colour, to bytes: inout ByteQueue, _ body: (inout ByteQueue) -> Void
  ) {
    guard isColoured else { return body(&bytes) }
    bytes.append("\u{1B}[" as StaticString)
    bytes.append(decimal: colour.rawValue)
    bytes.append(UInt8(ascii: "m"))
    body(&bytes)
    bytes.append("\u{1B}[0m" as StaticString)
  }

  /// Appends `text` and blanks up to a width.
  package func append(_ text: String, width: Int, to bytes: inout ByteQueue) {
    append(plain: text, to: &bytes)
    for _ in 0..<max(0, width - text.count) { bytes.append(UInt8(ascii: " ")) }
  }

  /// Appends ` key=value` for each attribute.
  package func append(_ attributes: [Attribute], to bytes: inout ByteQueue) {
    for attribute in attributes {
      bytes.append(UInt8(ascii: " "))
      append(in: .grey, to: &bytes) { bytes in
        append(plain: attribute.key, to: &bytes)
        bytes.append(UInt8(ascii: "="))
      }
      append(attribute.value, to: &bytes)
    }
  }

  /// Appends a value as JSON; a text that needs no quotes has none.
  package func append(_ value: AttributeValue, to bytes: inout ByteQueue) {
    let start = bytes.count
    if case .string(let text) = value, Self.isWord(text) {
      bytes.append(text)
    } else {
      bytes.append(json: value)
    }
    Self.blankControls(in: &bytes, from: start)
  }

  /// Appends text of any origin: control characters, which could move the cursor or hide what was
  /// written, become blanks.
  package func append(plain text: String, to bytes: inout ByteQueue) {
    let start = bytes.count
    bytes.append(text)
    Self.blankControls(in: &bytes, from: start)
  }

  /// Blanks U+0000 to U+001F and U+007F to U+009F, which take two bytes from U+0080 on.
  private static func blankControls(in bytes: inout ByteQueue, from start: Int) {
    for index in start..<bytes.count {
      let byte = bytes[index]
      if byte < 0x20 || byte == 0x7F {
        bytes.set(0x20, at: index)
      } else if byte == 0xC2, bytes[index + 1] < 0xA0 {
        bytes.set(0x20, at: index)
        bytes.set(0x20, at: index + 1)
      }
    }
  }

  /// Whether a value needs no quotes.
  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }
  }
}
