package import OTLP

/// Queues sampled spans for export when they end.
package struct BatchSpanProcessor: SpanProcessor {
  private let queue: RecordQueue

  package init(_ processor: BatchProcessor) { queue = processor.queue }

  package func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    guard span.isSampled else { return }
    queue.append(scope: scope.index) { bytes in
      bytes.append(field: ExportRequestEnvelope.recordField, span: span)
    }
  }
}
