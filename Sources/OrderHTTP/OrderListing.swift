import Bytes
import HTTPServer
import HTTPTypes
import Logging
import OrderCore
import ServiceContextModule
import ServiceKit
import Storage
import Tracing

/// `GET /list-orders`: all confirmed orders, or a page of them. It reads and sends a page at a time,
/// so that a million orders need no more memory than a hundred; orders that come in meanwhile are
/// not in it.
struct OrderListing: Sendable {
  /// Orders read at once.
  private static let pageSize = 500

  let store: any OrderStore
  let logger: Logger

  private struct Range: Sendable {
    var after: Int64
    let through: Int64
    var remaining: Int
    var count = 0
  }

  /// - Parameters:
  ///   - limit: Orders at the most; nil for all.
  ///   - after: Orders behind the one with this number.
  func respond(limit: Int64?, after: Int64) async -> ServerResponse {
    let span = InstrumentationSystem.tracer.startAnySpan("list_orders_endpoint")
    return await ServiceContext.withValue(span.context) {
      logger.info("Fetching all orders from the database.")
      do throws(StorageError) {
        var range = Range(
          after: after, through: try await store.lastOrderID(),
          remaining: limit.map { Int($0) } ?? .max)
        let (first, isLast) = try await nextPage(&range)
        if isLast {
          finish(span, range)
          return .json(first)
        }
        return stream(first, range, span)
      } catch {
        span.setStatus(SpanStatus(code: .error, message: error.description))
        span.end()
        logger.error("Failed to fetch orders.", metadata: ["error": "\(error)"])
        return .problem(
          .serviceUnavailable, detail: OrderEndpoints.storeDown,
          fields: [HTTPField(name: .retryAfter, value: "1")])
      }
    }
  }

  private func stream(_ first: [UInt8], _ start: Range, _ span: any Span) -> ServerResponse {
    let body = StreamedBody(
      produce: { writer in
        try await ServiceContext.withValue(span.context) {
          defer { span.end() }
          do {
            var range = start
            try await writer.write(first)
            var isLast = false
            while !isLast {
              let page: [UInt8]
              (page, isLast) = try await nextPage(&range)
              try await writer.write(page)
            }
            note(span, range)
          } catch {
            span.setStatus(SpanStatus(code: .error, message: "\(error)"))
            logger.error("The list of orders broke off.", metadata: ["error": "\(error)"])
            throw error
          }
        }
      }, abandon: { span.end() })
    return ServerResponse(contentType: "application/json", body: .stream(body))
  }

  /// The next piece of the array, with its brackets at the ends.
  private func nextPage(_ range: inout Range) async throws(StorageError) -> ([UInt8], Bool) {
    let size = min(Self.pageSize, range.remaining)
    let orders = try await store.listConfirmed(
      after: range.after, through: range.through, limit: size)
    var queue = ByteQueue(capacity: 64 + orders.count * 128)
    if range.count == 0 { queue.append(UInt8(ascii: "[")) }
    for order in orders {
      if range.count > 0 { queue.append(UInt8(ascii: ",")) }
      append(order, to: &queue)
      range.count += 1
    }
    range.after = orders.last?.id ?? range.after
    range.remaining -= orders.count
    let isLast = orders.count < size || range.remaining == 0
    if isLast { queue.append(UInt8(ascii: "]")) }
    return (queue.array(), isLast)
  }

  private func append(_ order: Order, to queue: inout ByteQueue) {
    queue.append("{\"username\":" as StaticString)
    queue.append(json: order.username)
    queue.append(",\"product_name\":" as StaticString)
    queue.append(json: order.productName)
    queue.append(",\"order_date\":" as StaticString)
    queue.append(json: order.date)
    queue.append(",\"order_id\":" as StaticString)
    queue.append(decimal: order.id)
    queue.append(",\"product_id\":" as StaticString)
    queue.append(decimal: order.productID)
    queue.append(UInt8(ascii: "}"))
  }

  private func finish(_ span: any Span, _ range: Range) {
    note(span, range)
    span.end()
  }

  private func note(_ span: any Span, _ range: Range) {
    span.attributes["orders_count"] = range.count
    span.addEvent(
      SpanEvent(
        name: "Orders fetched from database",
        attributes: ["orders_count": .int64(Int64(range.count))]))
    logger.info("Fetched orders", metadata: ["orders_count": .stringConvertible(range.count)])
  }
}
