"""What people and programs see of the queue: changes, lanes, dead letters."""
