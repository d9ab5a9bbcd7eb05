import Storage

/// The statements that orders are stored and read with.
enum OrderStatements {
  static let insert = Statement(
    "INSERT", "orders",
    text: """
      INSERT INTO orders (username, product_id, order_date, status, nonce, trace_context) \
      VALUES (?, ?, ?, 'pending', ?, ?)
      """)
  static let insertKey = """
    INSERT OR REPLACE INTO idempotency_keys (key, username, product_id, order_id, created_at) \
    VALUES (?, ?, ?, ?, ?)
    """
  static let findKey = Statement(
    "SELECT", "idempotency_keys",
    text: "SELECT username, product_id, order_id FROM idempotency_keys WHERE key = ?")
  static let state = """
    SELECT status, product_id, nonce, fence, reason, order_date, trace_context \
    FROM orders WHERE order_id = ?
    """
  static let takeUp = Statement(
    "UPDATE", "orders",
    text: "UPDATE orders SET fence = fence + 1 WHERE order_id = ? AND status = 'pending'")
  static let confirm = Statement(
    "UPDATE", "orders",
    text: """
      UPDATE orders SET status = 'confirmed', product_name = ?, trace_context = NULL \
      WHERE order_id = ? AND status = 'pending'
      """)
  static let reject = Statement(
    "UPDATE", "orders",
    text: """
      UPDATE orders SET status = 'rejected', reason = ?, trace_context = NULL \
      WHERE order_id = ? AND status = 'pending'
      """)
  static let withdraw = Statement(
    "DELETE", "orders",
    text: "DELETE FROM orders WHERE order_id = ? AND status = 'pending' AND fence = ?")
  static let withdrawKey = "DELETE FROM idempotency_keys WHERE key = ? AND order_id = ?"
  static let list = Statement(
    "SELECT", "orders",
    text: """
      SELECT order_id, username, product_id, product_name, order_date FROM orders \
      WHERE status = 'confirmed' AND order_id > ? AND order_id <= ? ORDER BY order_id LIMIT ?
      """)
  static let last = Statement(
    "SELECT", "orders", text: "SELECT COALESCE(MAX(order_id), 0) FROM orders")
  static let pending = Statement(
    "SELECT", "orders",
    text: """
      SELECT order_id FROM orders WHERE status = 'pending' AND order_id > ? AND order_date >= ? \
      AND (order_date <= ? OR order_date > ?) ORDER BY order_id LIMIT ?
      """)
  static let countPending = Statement(
    "SELECT", "orders",
    text: """
      SELECT COUNT(*) FROM (SELECT 1 FROM orders WHERE status = 'pending' \
      AND (order_date <= ? OR order_date > ?) LIMIT ?)
      """)
  static let pruneKeys = Statement(
    "DELETE", "idempotency_keys",
    text: """
      DELETE FROM idempotency_keys WHERE id IN \
      (SELECT id FROM idempotency_keys WHERE created_at < ? AND NOT EXISTS \
      (SELECT 1 FROM orders WHERE orders.order_id = idempotency_keys.order_id \
      AND status = 'pending') ORDER BY created_at LIMIT ?)
      """)
  static let pruneRejected = """
    DELETE FROM orders WHERE order_id IN (SELECT order_id FROM orders \
    WHERE status = 'rejected' AND order_date < ? ORDER BY order_date LIMIT ?)
    """
}
