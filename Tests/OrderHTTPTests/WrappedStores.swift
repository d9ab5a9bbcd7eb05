import Bytes
import Foundation
import OrderCore
import Sockets
import Storage
import Synchronization

/// A store with another's behaviour, but for the listing.
protocol WrappedStore: OrderStore {
  var store: SQLiteOrderStore { get }
}

extension WrappedStore {
  func create(
    _ request: OrderRequest, patience: Duration
  ) async throws(StorageError) -> CreationOutcome {
    try await store.create(request, patience: patience)
  }

  func find(_ request: OrderRequest) async throws(StorageError) -> CreationOutcome? {
    try await store.find(request)
  }

  func takeUp(_ orderID: Int64) async throws(StorageError) -> OrderState? {
    try await store.takeUp(orderID)
  }

  func confirm(
    _ order: PendingOrder, productName: String
  ) async throws(StorageError) -> Decision {
    try await store.confirm(order, productName: productName)
  }

  func reject(_ order: PendingOrder, reason: String) async throws(StorageError) -> Decision {
    try await store.reject(order, reason: reason)
  }

  func withdraw(
    _ order: PendingOrder, of request: OrderRequest
  ) async throws(StorageError) -> Bool {
    try await store.withdraw(order, of: request)
  }

  func lastOrderID() async throws(StorageError) -> Int64 { try await store.lastOrderID() }

  func listPending(
    after: Int64, age: Duration, ageMax: Duration, limit: Int
  ) async throws(StorageError) -> [Int64] {
    try await store.listPending(after: after, age: age, ageMax: ageMax, limit: limit)
  }

  func countPending(age: Duration, max: Int) async throws(StorageError) -> Int {
    try await store.countPending(age: age, max: max)
  }

  func prune(before date: Date, limit: Int) async throws(StorageError) -> Int {
    try await store.prune(before: date, limit: limit)
  }

  func checkHealth() async throws(StorageError) { try await store.checkHealth() }
}

/// Gets a new order with every page that is read.
struct GrowingStore: WrappedStore {
  let store: SQLiteOrderStore

  init(_ store: SQLiteOrderStore) { self.store = store }

  func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order] {
    let request = OrderRequest(username: "late", productID: 2)
    if case .created(let order) = try await store.create(request, patience: .seconds(60)) {
      _ = try await store.confirm(order, productName: "Tablet")
    }
    return try await store.listConfirmed(after: after, through: through, limit: limit)
  }
}

/// Gives one page, and no other.
final class BreakingStore: WrappedStore {
  let store: SQLiteOrderStore
  private let pages = Atomic(0)

  init(_ store: SQLiteOrderStore) { self.store = store }

  func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order] {
    guard pages.add(1, ordering: .relaxed).newValue == 1 else { throw .corrupt("broken") }
    return try await store.listConfirmed(after: after, through: through, limit: limit)
  }
}

extension TCPStream {
  /// Sends a request, and waits until the first bytes of its answer have come.
  func request(_ text: String) async throws {
    var output = ByteQueue()
    output.append(text)
    try await sendAll(&output, deadline: .now() + .seconds(30))
    try await waitUntilReadable(deadline: .now() + .seconds(30))
  }
}
