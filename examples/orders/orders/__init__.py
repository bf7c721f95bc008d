"""Orders: lines, discounts, totals; kept in a JSON file and served over HTTP. Money is whole cents everywhere."""
