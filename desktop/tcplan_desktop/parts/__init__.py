"""The painted parts that forms and views are made of."""
