/// What the member `ot` of `tracestate` says about sampling (OpenTelemetry specification,
/// "TraceState: Probability Sampling"): `th`, the threshold of the sampler that decided, and `rv`, an
/// explicit randomness. Both are of 56 bits.
struct ProbabilityTraceState: Equatable {
  /// What a trace's randomness had to reach; nil when it is unknown.
  var threshold: UInt64?
  /// In place of the randomness of the trace id; never changed.
  let randomness: UInt64?
  /// Other parts of the member, in order.
  private let others: [Substring]

  private static let key = "ot"
  /// Digits of 56 bits.
  private static let digitsMax = 14
  /// Characters of the member's value.
  private static let charactersMax = 256

  init(traceState: String) {
    var (threshold, randomness): (UInt64?, UInt64?) = (nil, nil)
    var others: [Substring] = []
    let member = Self.members(of: traceState).first(where: Self.isOwn)
    for part in member?.dropFirst(Self.key.count + 1).split(separator: ";") ?? [] {
      switch part.prefix(3) {
      case "th:": threshold = threshold ?? Self.threshold(part.dropFirst(3))
      case "rv:": randomness = randomness ?? Self.randomness(part.dropFirst(3))
      default: others.append(part)
      }
    }
    self.threshold = threshold
    self.randomness = randomness
    self.others = others
  }

  /// `traceState` with this as its member `ot`, which comes first when it is new or has changed.
  func updating(_ traceState: String) -> String {
    if self == ProbabilityTraceState(traceState: traceState) { return traceState }
    var members = Self.members(of: traceState).filter { !Self.isOwn($0) }
    let value = text
    if !value.isEmpty { members.insert("\(Self.key)=\(value)", at: 0) }
    return members.prefix(TraceState.membersMax).joined(separator: ",")
  }

  /// As it stands behind `ot=`; parts for which there is no room are left out.
  private var text: String {
    var parts: [Substring] = []
    if let threshold { parts.append("th:\(Self.text(ofThreshold: threshold))") }
    if let randomness { parts.append("rv:\(Self.digits(randomness))") }
    var count = parts.reduce(0) { $0 + $1.utf8.count + 1 }
    for part in others {
      count += part.utf8.count + 1
      guard count <= Self.charactersMax + 1 else { break }
      parts.append(part)
    }
    return parts.joined(separator: ";")
  }

  private static func members(of traceState: String) -> [Substring] {
    traceState.isEmpty ? [] : traceState[...].split(byte: UInt8(ascii: ","))
  }

  private static func isOwn(_ member: Substring) -> Bool { member.hasPrefix("\(key)=") }

  /// 1 to 14 hexadecimal digits, the first ones; those that are missing behind are zero.
  private static func threshold(_ text: Substring) -> UInt64? {
    guard (1...digitsMax).contains(text.utf8.count), let value = HexDigits.lowercase(text.utf8)
    else { return nil }
    return value << (4 * UInt64(digitsMax - text.utf8.count))
  }

  private static func randomness(_ text: Substring) -> UInt64? {
    text.utf8.count == digitsMax ? HexDigits.lowercase(text.utf8) : nil
  }

  /// Without the zeros behind.
  private static func text(ofThreshold threshold: UInt64) -> Substring {
    let digits = digits(threshold)
    let end = digits.lastIndex { $0 != "0" } ?? digits.startIndex
    return digits[...end]
  }

  private static func digits(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digitsMax - digits.count)) + digits
  }
}
