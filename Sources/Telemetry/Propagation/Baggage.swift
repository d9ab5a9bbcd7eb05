public import ServiceContextModule

/// Names and values that travel with a request through every service on its way (W3C Baggage;
/// OpenTelemetry specification, "Baggage API").
///
/// It is kept as the text of its header field, because most services only pass it on: that costs no
/// more than holding a string. It never has more than ``membersMax`` members or ``bytesMax`` bytes.
public struct Baggage: Sendable, Equatable {
  /// Members that a service has to pass on (W3C Baggage §3.3.2).
  public static let membersMax = 64
  /// Bytes that a service has to pass on, commas included (W3C Baggage §3.3.2).
  public static let bytesMax = 8_192

  /// The value of the field `baggage`: valid members, separated by commas, without blanks.
  public private(set) var text: String

  /// An empty one.
  public init() { text = "" }

  /// Reads field values, several of which are joined by commas. A member that is malformed is left
  /// out; of several with one name the last counts; those that are beyond the limits are left out.
  public init(parsing field: String) {
    var members: [BaggageMember] = []
    var indices: [String: Int] = [:]
    for part in field[...].split(byte: UInt8(ascii: ",")) {
      guard let member = BaggageMember(parsing: part.trimmed) else { continue }
      if let index = indices[member.name] {
        members[index] = member
      } else {
        indices[member.name] = members.count
        members.append(member)
      }
    }
    var bytes = -1
    let fitting = members.prefix(Self.membersMax).prefix { member in
      bytes += 1 + member.text.utf8.count
      return bytes <= Self.bytesMax
    }
    text = Self.join(fitting)
  }

  public var isEmpty: Bool { text.isEmpty }

  /// All members, in order.
  public var members: [BaggageMember] {
    text[...].split(byte: UInt8(ascii: ",")).compactMap { BaggageMember(parsing: $0) }
  }

  /// The value of the member called `name`.
  public subscript(name: String) -> String? {
    members.first { $0.name == name }?.value
  }

  /// Adds a member behind the others, in place of one with the same name.
  /// - Parameters:
  ///   - name: A token (RFC 9110 §5.6.2).
  ///   - properties: As they stand in the field: `p;q=1`.
  /// - Returns: Whether it was added; not when the name or the properties are malformed, or when it
  ///   would be too much.
  @discardableResult
  public mutating func set(_ name: String, to value: String, properties: String = "") -> Bool {
    let encoded = value[...].percentEncoded { BaggageMember.isLiteral($0) }
    let text = properties.isEmpty ? "\(name)=\(encoded)" : "\(name)=\(encoded);\(properties)"
    guard !text.utf8.contains(UInt8(ascii: ",")), let member = BaggageMember(parsing: text[...]),
      member.name == name
    else { return false }
    let kept = members.filter { $0.name != name } + [member]
    let joined = Self.join(kept[...])
    guard kept.count <= Self.membersMax, joined.utf8.count <= Self.bytesMax else { return false }
    self.text = joined
    return true
  }

  /// Removes the member called `name`, if there is one.
  public mutating func remove(_ name: String) {
    text = Self.join(members.filter { $0.name != name }[...])
  }

  private static func join(_ members: ArraySlice<BaggageMember>) -> String {
    members.map(\.text).joined(separator: ",")
  }
}

extension ServiceContext {
  private enum BaggageKey: ServiceContextKey {
    typealias Value = Baggage
    static var nameOverride: String? { "baggage" }
  }

  /// What travels with the request that this context belongs to; setting an empty one, or nil,
  /// clears it.
  public var baggage: Baggage? {
    get { self[BaggageKey.self] }
    set { self[BaggageKey.self] = newValue.flatMap { $0.isEmpty ? nil : $0 } }
  }
}
