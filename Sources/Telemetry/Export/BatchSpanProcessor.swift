package import OTLP

/// Queues ended spans for export.
package struct BatchSpanProcessor: SpanProcessor {
  private let queue: RecordQueue

  package init(_ processor: BatchProcessor) { queue = processor.queue }

  package func onEnd(_ span: borrowing SpanRecord, scope: Int) {
    queue.append(scope: scope) { bytes in
      bytes.append(field: ExportRequestEnvelope.recordField, span: span)
    }
  }
}
