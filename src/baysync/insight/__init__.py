"""What all who look read: pages, API, commands, health and metrics."""
