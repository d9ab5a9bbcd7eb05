/// One span as OTLP describes it (opentelemetry-proto `trace.v1.Span`). It is filled in place while
/// the span lives, and encoded once when it ends.
public struct SpanRecord: Sendable {
  /// The values of `Span.SpanKind`.
  public enum Kind: UInt8, Sendable {
    case `internal` = 1
    case server = 2
    case client = 3
    case producer = 4
    case consumer = 5
  }

  /// The values of `Status.StatusCode`.
  public enum StatusCode: UInt8, Sendable {
    case unset = 0
    case ok = 1
    case error = 2
  }

  /// Something that happened at a moment (`Span.Event`).
  public struct Event: Sendable {
    public var unixNanoseconds: UInt64
    public var name: String
    public var attributes: [Attribute]
    public var droppedAttributesCount: UInt32

    public init(
      unixNanoseconds: UInt64, name: String, attributes: [Attribute] = [],
      droppedAttributesCount: UInt32 = 0
    ) {
      self.unixNanoseconds = unixNanoseconds
      self.name = name
      self.attributes = attributes
      self.droppedAttributesCount = droppedAttributesCount
    }
  }

  /// A span in this or another trace that this span has to do with (`Span.Link`).
  public struct Link: Sendable {
    public var traceID: TraceID
    public var spanID: SpanID
    public var traceState: String
    public var flags: UInt32
    public var attributes: [Attribute]
    public var droppedAttributesCount: UInt32

    public init(
      traceID: TraceID, spanID: SpanID, traceState: String = "", flags: UInt32,
      attributes: [Attribute] = [], droppedAttributesCount: UInt32 = 0
    ) {
      self.traceID = traceID
      self.spanID = spanID
      self.traceState = traceState
      self.flags = flags
      self.attributes = attributes
      self.droppedAttributesCount = droppedAttributesCount
    }
  }

  public var traceID: TraceID
  public var spanID: SpanID
  /// Invalid for a root span.
  public var parentSpanID: SpanID
  public var traceState: String
  /// See ``flags(w3c:isRemote:)``; the remote bit tells about the parent.
  public var flags: UInt32
  public var name: String
  public var kind: Kind
  public var startUnixNanoseconds: UInt64
  /// Zero until the span ends.
  public var endUnixNanoseconds: UInt64 = 0
  public var attributes: [Attribute] = []
  public var droppedAttributesCount: UInt32 = 0
  public var events: [Event] = []
  public var droppedEventsCount: UInt32 = 0
  public var links: [Link] = []
  public var droppedLinksCount: UInt32 = 0
  public var statusCode = StatusCode.unset
  /// Empty unless the status is an error.
  public var statusMessage = ""

  public init(
    traceID: TraceID, spanID: SpanID, parentSpanID: SpanID, traceState: String, flags: UInt32,
    name: String, kind: Kind, startUnixNanoseconds: UInt64
  ) {
    self.traceID = traceID
    self.spanID = spanID
    self.parentSpanID = parentSpanID
    self.traceState = traceState
    self.flags = flags
    self.name = name
    self.kind = kind
    self.startUnixNanoseconds = startUnixNanoseconds
  }

  /// Whether the span is for exporters: the W3C `sampled` flag.
  public var isSampled: Bool { flags & 0x01 != 0 }

  /// The `flags` field of a span or a link (`SpanFlags`): the W3C flags in bits 0 to 7, bit 8 says
  /// that bit 9 is known, and bit 9 says whether the parent or the linked span is in another
  /// process.
  public static func flags(w3c: UInt8, isRemote: Bool) -> UInt32 {
    UInt32(w3c) | 0x100 | (isRemote ? 0x200 : 0)
  }
}
