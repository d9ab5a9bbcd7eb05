-- A file of the first version. Its orders are in orders-v1.sql.
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1: products and reservations');
CREATE TABLE products (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
CREATE TABLE reservations (
  key TEXT PRIMARY KEY, product_id INTEGER NOT NULL, stock INTEGER,
  created_at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO products VALUES
  (1, 'Laptop', 8), (2, 'Smartphone', 22), (3, 'Tablet', 14), (4, 'Headphones', 50),
  (5, 'Smartwatch', 30);
INSERT INTO reservations VALUES
  ('first-1', 2, 23, unixepoch() - 60), ('first-2', 9, NULL, unixepoch() - 60),
  ('first-3', 3, 14, unixepoch() - 60), ('first-5', 2, 22, unixepoch() - 60);
