"""Reading and writing tables in files: no Odoo, no database."""
