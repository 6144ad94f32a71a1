"""What customers wrote, made ready to be counted: cleaned, split, its language told, its meaning as numbers.

Every function keeps the places of characters, so that a finding always points at the customer's own words.
"""
