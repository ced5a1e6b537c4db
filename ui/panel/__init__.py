"""Parts of a view: bars, columns, cards."""
