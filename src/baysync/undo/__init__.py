"""Take back what an import changed, or bring a listing to what it was."""
