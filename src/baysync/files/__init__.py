"""Files of listings as shops have them, read row by row into drafts."""
