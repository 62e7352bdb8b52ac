"""Krisläge: five steps from the first click to what two persons put out together, on a telephone."""
