import Glibc
import OTLP

extension ResourceDetection {
  /// The machine's name, architecture and id. In a container the id would be its image's, and is
  /// left out.
  func host() -> [Attribute] {
    var attributes: [Attribute] = []
    if let name = Self.system(\.nodename) { attributes.append(Attribute("host.name", .string(name))) }
    if let machine = Self.system(\.machine) {
      attributes.append(Attribute("host.arch", .string(Self.architecture(machine))))
    }
    if container().isEmpty, let id = machineID {
      attributes.append(Attribute("host.id", .string(id)))
    }
    return attributes
  }

  /// What os-release(5) says, and the kernel's release.
  func operatingSystem() -> [Attribute] {
    var attributes = [Attribute("os.type", "linux")]
    let release = osRelease
    if let name = release["NAME"] { attributes.append(Attribute("os.name", .string(name))) }
    if let version = release["VERSION_ID"] {
      attributes.append(Attribute("os.version", .string(version)))
    }
    let kernel = Self.system(\.release).map { "Linux \($0)" } ?? "Linux"
    let description = release["PRETTY_NAME"].map { "\($0), \(kernel)" } ?? kernel
    attributes.append(Attribute("os.description", .string(description)))
    return attributes
  }

  /// The names of the conventions for those of uname(2).
  static func architecture(_ machine: String) -> String {
    switch machine {
    case "x86_64": "amd64"
    case "aarch64", "aarch64_be": "arm64"
    case "i386", "i486", "i586", "i686": "x86"
    case "ppc", "ppcle": "ppc32"
    case "ppc64", "ppc64le": "ppc64"
    case _ where machine.hasPrefix("arm"): "arm32"
    default: machine
    }
  }

  /// machine-id(5)
  private var machineID: String? {
    for path in ["/etc/machine-id", "/var/lib/dbus/machine-id"] {
      if let id = files.lines(path).first?.trimmed, !id.isEmpty { return String(id) }
    }
    return nil
  }

  /// The assignments of os-release(5), unquoted.
  private var osRelease: [String: String] {
    var lines = files.lines("/etc/os-release")
    if lines.isEmpty { lines = files.lines("/usr/lib/os-release") }
    var values: [String: String] = [:]
    for line in lines {
      let line = line.trimmed
      guard !line.hasPrefix("#"), let separator = line.firstIndex(of: "=") else { continue }
      values[String(line[..<separator])] = Self.unquoted(line[line.index(after: separator)...])
    }
    return values.filter { !$0.value.isEmpty }
  }

  private static func unquoted(_ text: Substring) -> String {
    guard let quote = text.first, quote == "\"" || quote == "'", text.count > 1,
      text.last == quote
    else { return String(text) }
    var result = ""
    var rest = text.dropFirst().dropLast()
    while let character = rest.popFirst() {
      // Between double quotes a backslash makes the next character an ordinary one.
      if character == "\\", quote == "\"", let next = rest.popFirst() {
        result.append(next)
      } else {
        result.append(character)
      }
    }
    return result
  }

  /// A part of what uname(2) says.
  private static func system<Text>(_ part: KeyPath<utsname, Text>) -> String? {
    var names = utsname()
    guard uname(&names) == 0 else { return nil }
    let bytes = withUnsafeBytes(of: names[keyPath: part]) { Array($0.prefix { $0 != 0 }) }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
