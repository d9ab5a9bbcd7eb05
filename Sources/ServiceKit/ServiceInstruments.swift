import Telemetry

/// What the services measure beyond the semantic conventions.
enum ServiceInstruments {
  static let all = [
    InstrumentDescription("orders.placed", "{order}", "Orders that were confirmed."),
    InstrumentDescription("orders.rejected", "{order}", "Orders that were refused, by reason."),
    InstrumentDescription(
      "orders.undecided", "{request}", "Requests that ended before their order was decided."),
    InstrumentDescription(
      "orders.pending", "{order}", "Orders that wait for the inventory's answer.", isInteger: true),
    InstrumentDescription(
      "orders.pending.stale", "{order}", "Orders that have waited for too long.", isInteger: true),
    InstrumentDescription(
      "inventory.stock", "{item}", "Items that are left of a product.", isInteger: true),
  ]
}
