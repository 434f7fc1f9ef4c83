"""Debts between the tiers of a dealer tree: pure functions over whole minor units."""
