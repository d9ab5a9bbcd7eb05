import Bytes
package import OTLP
import Synchronization

/// Shows every sampled span as a line for people: end, duration, kind, name, status, attributes,
/// events, ids.
package final class ConsoleSpanProcessor: SpanProcessor {
  private struct Scratch: ~Copyable {
    var line = ByteQueue(capacity: 512)
    var time = TimestampText()
  }

  private let output: StandardOutput
  private let style: ConsoleStyle
  private let scratch = Mutex(Scratch())

  package init(output: StandardOutput, style: ConsoleStyle) {
    self.output = output
    self.style = style
  }

  package func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    guard span.isSampled else { return }
    scratch.withLock { scratch in
      scratch.line.removeAll()
      append(span, to: &scratch.line, time: &scratch.time)
      output.append(scratch.line)
    }
  }

  func append(
    _ span: borrowing SpanRecord, to bytes: inout ByteQueue, time: inout TimestampText
  ) {
    let (name, isError) = (span.name, span.statusCode == .error)
    time.append(timeOfDay: span.endUnixNanoseconds, to: &bytes)
    style.append(in: .cyan, to: &bytes) { $0.append(" SPAN " as StaticString) }
    appendDuration(span.endUnixNanoseconds - span.startUnixNanoseconds, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    style.append("\(span.kind)", width: 8, to: &bytes)
    bytes.append(UInt8(ascii: " "))
    style.append(in: isError ? .red : .blue, to: &bytes) { style.append(plain: name, to: &$0) }
    if isError {
      let message = span.statusMessage
      style.append(in: .red, to: &bytes) { bytes in
        bytes.append(" ERROR " as StaticString)
        style.append(plain: message, to: &bytes)
      }
    }
    style.append(span.attributes, to: &bytes)
    for event in span.events {
      style.append(in: .magenta, to: &bytes) { bytes in
        bytes.append(" [" as StaticString)
        style.append(plain: event.name, to: &bytes)
      }
      style.append(event.attributes, to: &bytes)
      style.append(in: .magenta, to: &bytes) { $0.append(UInt8(ascii: "]")) }
    }
    let (traceID, spanID, parentSpanID) = (span.traceID, span.spanID, span.parentSpanID)
    style.append(in: .grey, to: &bytes) { bytes in
      bytes.append(" (trace=" as StaticString)
      bytes.append(traceID: traceID)
      bytes.append(" span=" as StaticString)
      bytes.append(spanID: spanID)
      if parentSpanID.isValid {
        bytes.append(" parent=" as StaticString)
        bytes.append(spanID: parentSpanID)
      }
      bytes.append(UInt8(ascii: ")"))
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  /// Appends milliseconds with three decimals, right-aligned so that durations line up.
  private func appendDuration(_ nanoseconds: UInt64, to bytes: inout ByteQueue) {
    let micros = nanoseconds / 1_000
    let digits = String(micros / 1_000).utf8.count
    for _ in 0..<max(0, 5 - digits) { bytes.append(UInt8(ascii: " ")) }
    bytes.append(decimal: micros / 1_000)
    bytes.append(UInt8(ascii: "."))
    bytes.append(decimal: Int(micros % 1_000), digits: 3)
    bytes.append(" ms" as StaticString)
  }
}
