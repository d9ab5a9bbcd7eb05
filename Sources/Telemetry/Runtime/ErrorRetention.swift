package import OTLP
package import ServiceContextModule
import Synchronization

/// Keeps what the sampler left out when it turns out to matter: spans that are recorded and not
/// sampled wait until the first span of their trace in this process, the local root, ends. If that
/// failed they are exported, with the sampled flag; if not they are forgotten. Needs
/// `AlwaysRecordSampler`.
///
/// A span that ends behind its local root is forgotten too. What waits is bounded: of too many
/// traces those that wait for the longest are forgotten, and of a trace the spans that come last.
package final class ErrorRetention: SpanProcessor {
  package struct Limits: Sendable {
    /// Traces that may wait.
    package var tracesMax = 1_024
    /// Spans of one trace that may wait.
    package var spansPerTraceMax = 128

    package init() {}
  }

  private struct Held {
    var spans: [(record: SpanRecord, scope: ScopeReference)] = []
  }

  private struct State {
    var traces: [TraceID: Held] = [:]
    /// Their ids in the order of their first spans; some may be gone.
    var order: [TraceID] = []
    var oldest = 0
  }

  private let next: any SpanProcessor
  private let limits: Limits
  private let state = Mutex(State())
  private let kept = ShardedCounter()

  /// - Parameter next: Exports sampled spans.
  package init(_ next: any SpanProcessor, limits: Limits = Limits()) {
    self.next = next
    self.limits = limits
  }

  /// Spans that the sampler had left out and that were exported.
  package var keptCount: Int { kept.total }
  /// Spans that wait.
  package var heldCount: Int {
    state.withLock { $0.traces.values.reduce(0) { $0 + $1.spans.count } }
  }

  package var observesStart: Bool { next.observesStart }
  package var observesEnding: Bool { next.observesEnding }

  package func onStart(_ span: TelemetrySpan, in context: ServiceContext) {
    next.onStart(span, in: context)
  }

  package func onEnding(_ span: TelemetrySpan) { next.onEnding(span) }

  package func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    guard !span.isSampled else { return next.onEnd(span, scope: scope) }
    if Self.isLocalRoot(span) {
      let traceID = span.traceID
      let held = state.withLock { $0.traces.removeValue(forKey: traceID) }
      guard span.statusCode == .error else { return }
      for child in held?.spans ?? [] { export(child.record, child.scope) }
      export(copy span, scope)
    } else {
      hold(copy span, scope)
    }
  }

  private static func isLocalRoot(_ span: borrowing SpanRecord) -> Bool {
    !span.parentSpanID.isValid || span.flags & 0x200 != 0
  }

  private func hold(_ span: SpanRecord, _ scope: ScopeReference) {
    state.withLock { state in
      let isNew = state.traces[span.traceID] == nil
      if isNew {
        state.order.append(span.traceID)
        while state.traces.count >= limits.tracesMax, state.oldest < state.order.count {
          state.traces[state.order[state.oldest]] = nil
          state.oldest += 1
        }
        // The list is cut when most of it is gone, which costs little for each trace.
        if state.order.count > 4 * limits.tracesMax {
          let traces = state.traces
          state.order = state.order[state.oldest...].filter {
            traces[$0] != nil || $0 == span.traceID
          }
          state.oldest = 0
        }
      }
      guard state.traces[span.traceID, default: Held()].spans.count < limits.spansPerTraceMax
      else { return }
      state.traces[span.traceID, default: Held()].spans.append((span, scope))
    }
  }

  private func export(_ span: SpanRecord, _ scope: ScopeReference) {
    var span = span
    span.flags |= UInt32(TraceFlags.sampled.rawValue)
    kept.add(slot: ThreadSlot.current)
    next.onEnd(span, scope: scope)
  }
}
