/// One span as OTLP describes it (opentelemetry-proto `trace.v1.Span`). It is filled in place while
/// the span lives, and encoded once when it ends.
package struct SpanRecord: Sendable {
  /// The values of `Span.SpanKind`.
  package enum Kind: UInt8, Sendable {
    case `internal` = 1
    case server = 2
    case client = 3
    case producer = 4
    case consumer = 5
  }

  /// The values of `Status.StatusCode`.
  package enum StatusCode: UInt8, Sendable {
    case unset = 0
    case ok = 1
    case error = 2
  }

  /// Something that happened at a moment (`Span.Event`).
  package struct Event: Sendable {
    package var unixNanoseconds: UInt64
    package var name: String
    package var attributes: [Attribute]
    package var droppedAttributesCount: UInt32

    package init(
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
  package struct Link: Sendable {
    package var traceID: TraceID
    package var spanID: SpanID
    package var traceState: String
    package var flags: UInt32
    package var attributes: [Attribute]
    package var droppedAttributesCount: UInt32

    package init(
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

  package var traceID: TraceID
  package var spanID: SpanID
  /// Invalid for a root span.
  package var parentSpanID: SpanID
  package var traceState: String
  /// See ``flags(w3c:isRemote:)``; the remote bit tells about the parent.
  package var flags: UInt32
  package var name: String
  package var kind: Kind
  package var startUnixNanoseconds: UInt64
  /// Zero until the span ends.
  package var endUnixNanoseconds: UInt64 = 0
  package var attributes: [Attribute] = []
  package var droppedAttributesCount: UInt32 = 0
  package var events: [Event] = []
  package var droppedEventsCount: UInt32 = 0
  package var links: [Link] = []
  package var droppedLinksCount: UInt32 = 0
  package var statusCode = StatusCode.unset
  /// Empty unless the status is an error.
  package var statusMessage = ""

  package init(
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
  package var isSampled: Bool { flags & 0x01 != 0 }

  /// The `flags` field of a span or a link (`SpanFlags`): the W3C flags in bits 0 to 7, bit 8 says
  /// that bit 9 is known, and bit 9 says whether the parent or the linked span is in another
  /// process.
  package static func flags(w3c: UInt8, isRemote: Bool) -> UInt32 {
    UInt32(w3c) | 0x100 | (isRemote ? 0x200 : 0)
  }
}
