"""What commands share: output, progress, questions to the person, a session with the database."""
