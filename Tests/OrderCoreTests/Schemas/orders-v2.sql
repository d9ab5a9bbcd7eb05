-- A file of the second version: orders in every state. Its reservations are in inventory-v2.sql.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES
  ('1: orders'), ('2: fences, nonces, idempotency keys, indexes by state');
CREATE TABLE orders (
  order_id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL,
  product_id INTEGER NOT NULL, product_name TEXT, order_date TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'rejected')),
  reason TEXT, fence INTEGER NOT NULL DEFAULT 0, nonce TEXT);
CREATE INDEX orders_pending ON orders (order_id) WHERE status = 'pending';
CREATE INDEX orders_confirmed ON orders (order_id) WHERE status = 'confirmed';
CREATE INDEX orders_rejected ON orders (order_date) WHERE status = 'rejected';
CREATE TABLE idempotency_keys (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, username TEXT NOT NULL,
  product_id INTEGER NOT NULL, order_id INTEGER NOT NULL, created_at TEXT NOT NULL);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE TABLE identity (store_id TEXT NOT NULL);
INSERT INTO identity VALUES ('second');
INSERT INTO orders VALUES
  (1, 'ann', 2, 'Smartphone', '2026-01-31T12:34:56.789012', 'confirmed', NULL, 0, 'a1'),
  (2, 'bob', 9, NULL, '2026-01-31T12:34:57.000000', 'rejected', 'Product not found', 0, 'b2'),
  (5, 'naïve 🧾', 2, 'Smartphone', '2026-01-31T12:35:00.000000', 'confirmed', NULL, 1, 'e5');
-- Left by an interruption: one that has its item, and one that has not.
INSERT INTO orders VALUES
  (3, 'eve', 3, NULL, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds'), 'pending', NULL, 0,
   'c3'),
  (4, 'dan', 4, NULL, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds'), 'pending', NULL, 2,
   'd4');
INSERT INTO idempotency_keys (key, username, product_id, order_id, created_at) VALUES
  ('key-1', 'ann', 2, 1, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds')),
  ('key-3', 'eve', 3, 3, strftime('%Y-%m-%dT%H:%M:%f000', 'now', '-60 seconds'));
