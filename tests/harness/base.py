"""Prepares the database that all test databases are copied from, once."""

from .stack import base_database, test_cluster

if __name__ == "__main__":
    cluster = test_cluster()
    try:
        base_database(cluster, cluster.data.parent / "base")
    finally:
        cluster.stop()
