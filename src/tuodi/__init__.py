"""托底: medical assistance policies as data, settled to the fen and explained clause by clause."""

__version__ = "0.1.0"
