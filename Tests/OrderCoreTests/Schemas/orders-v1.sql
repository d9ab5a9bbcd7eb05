-- A file of the first version: orders in every state. Its reservations are in inventory-v1.sql.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: orders');
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL,
  product_id INTEGER NOT NULL, product_name TEXT, order_date TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'rejected')),
  reason TEXT);
CREATE INDEX orders_pending ON orders (order_id) WHERE status = 'pending';
CREATE TABLE identity (store_id TEXT NOT NULL);
INSERT INTO identity VALUES ('first');
INSERT INTO orders VALUES
  (1, 'ann', 2, 'Smartphone', '2026-01-31T12:34:56.789012', 'confirmed', NULL),
  (2, 'bob', 9, NULL, '2026-01-31T12:34:57.000000', 'rejected', 'Product not found'),
  (5, 'naïve 🧾', 2, 'Smartphone', '2026-01-31T12:35:00.000000', 'confirmed', NULL);
-- Left by an interruption: one that has its item, and one that has not.
INSERT INTO orders VALUES
  (3, 'eve', 3, NULL, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds'), 'pending', NULL),
  (4, 'dan', 4, NULL, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds'), 'pending', NULL);
