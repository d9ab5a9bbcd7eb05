-- A file of the second version. Its orders are in orders-v2.sql.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES
  ('1: products and reservations'), ('2: reservations with their outcome, by age');
CREATE TABLE products (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
CREATE TABLE reservations (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, product_id INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('reduced', 'sold out', 'unknown product')),
  stock INTEGER, created_at INTEGER NOT NULL);
CREATE INDEX reservations_by_age ON reservations (created_at);
INSERT INTO products VALUES
  (1, 'Laptop', 8), (2, 'Smartphone', 22), (3, 'Tablet', 14), (4, 'Headphones', 50),
  (5, 'Smartwatch', 30);
INSERT INTO reservations (key, product_id, outcome, stock, created_at) VALUES
  ('second-a1-1', 2, 'reduced', 23, unixepoch() - 60),
  ('second-b2-2', 9, 'unknown product', NULL, unixepoch() - 60),
  ('second-c3-3', 3, 'reduced', 14, unixepoch() - 60),
  ('second-e5-5', 2, 'reduced', 22, unixepoch() - 60);
