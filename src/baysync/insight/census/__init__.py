"""What there is and what is broken, counted now and then: a large shop is not counted per look."""
