import GRDB

/// The tables of the stock, and how earlier versions of them become these.
enum StockSchema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: products and reservations") { db in
      try db.execute(
        sql: """
          CREATE TABLE products (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
          CREATE TABLE reservations (
            key TEXT PRIMARY KEY, product_id INTEGER NOT NULL, stock INTEGER,
            created_at INTEGER NOT NULL) WITHOUT ROWID;
          INSERT INTO products (id, name, stock) VALUES
            (1, 'Laptop', 8), (2, 'Smartphone', 24), (3, 'Tablet', 15), (4, 'Headphones', 50),
            (5, 'Smartwatch', 30);
          """)
    }
    migrator.registerMigration("2: reservations with their outcome, by age") { db in
      try db.execute(
        sql: """
          ALTER TABLE reservations RENAME TO old_reservations;
          CREATE TABLE reservations (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, product_id INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('reduced', 'sold out', 'unknown product')),
            stock INTEGER, created_at INTEGER NOT NULL);
          INSERT INTO reservations (key, product_id, outcome, stock, created_at)
            SELECT key, product_id, CASE WHEN stock IS NULL THEN 'sold out' ELSE 'reduced' END,
              stock, created_at
            FROM old_reservations ORDER BY created_at;
          DROP TABLE old_reservations;
          CREATE INDEX reservations_by_age ON reservations (created_at);
          """)
    }
    migrator.registerMigration("3: restocks by their keys") { db in
      try db.execute(
        sql: """
          CREATE TABLE restocks (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, product_id INTEGER NOT NULL,
            quantity INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('restocked', 'unknown product', 'too large')),
            stock INTEGER, created_at INTEGER NOT NULL);
          CREATE INDEX restocks_by_age ON restocks (created_at);
          """)
    }
    return migrator
  }
}
