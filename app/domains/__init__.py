"""The nouns of the product. Domains refer to each other by id and form no circle."""
