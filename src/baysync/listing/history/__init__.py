"""What a listing was: its accepted versions, what each changed, and the way back."""
