"""The customer's own page: where their complaint stands, what we promised, what we ask, and what they write to us."""
