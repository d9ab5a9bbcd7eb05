import GRDB

/// The tables of the orders, and how earlier versions of them become these.
enum OrderSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: orders") { db in
      try db.execute(
        sql: """
          CREATE TABLE orders (
            order_id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL,
            product_id INTEGER NOT NULL, product_name TEXT, order_date TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'rejected')),
            reason TEXT);
          CREATE INDEX orders_pending ON orders (order_id) WHERE status = 'pending';
          CREATE TABLE identity (store_id TEXT NOT NULL);
          INSERT INTO identity (store_id) VALUES (lower(hex(randomblob(16))));
          """)
    }
    migrator.registerMigration("2: fences, nonces, idempotency keys, indexes by state") { db in
      try db.execute(
        sql: """
          ALTER TABLE orders ADD COLUMN fence INTEGER NOT NULL DEFAULT 0;
          ALTER TABLE orders ADD COLUMN nonce TEXT;
          CREATE INDEX orders_confirmed ON orders (order_id) WHERE status = 'confirmed';
          CREATE INDEX orders_rejected ON orders (order_date) WHERE status = 'rejected';
          CREATE TABLE idempotency_keys (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, username TEXT NOT NULL,
            product_id INTEGER NOT NULL, order_id INTEGER NOT NULL, created_at TEXT NOT NULL);
          CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
          """)
    }
    migrator.registerMigration("3: the trace of a pending order") { db in
      try db.execute(sql: "ALTER TABLE orders ADD COLUMN trace_context TEXT")
    }
    return migrator
  }
}
