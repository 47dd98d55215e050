"""How files become tables: CSV, TOML and workbooks, cell by cell."""
