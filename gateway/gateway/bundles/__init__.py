"""Evidence bundles (证据包): everything about a case, an order or an inspection in one file that proves itself."""
