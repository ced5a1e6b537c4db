"""The two views of one document: Studio to prepare, Stage to perform."""
