import Telemetry

/// What the services measure beyond the semantic conventions.
enum ServiceInstruments {
  static let all = [
    InstrumentDescription("orders.placed", "{order}", "Orders that were confirmed."),
    InstrumentDescription("orders.rejected", "{order}", "Orders that were refused, by reason."),
    InstrumentDescription(
      "inventory.stock", "{item}", "Items that are left of a product.", isInteger: true),
  ]
}
