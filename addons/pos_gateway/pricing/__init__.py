"""Price arithmetic: pure functions over integer kuruş, no Odoo, no database."""
