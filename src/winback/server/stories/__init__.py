"""One customer's whole story, and an account's: pages over all the slices below. A later slice adds a line to LINES."""
