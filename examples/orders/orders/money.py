"""Arithmetic on whole cents."""


def percentage(cents: int, percent: int) -> int:
    """That many percent of an amount, rounded half up; never touches floating point."""
    return (cents * percent + 50) // 100


def written(cents: int) -> str:
    """An amount as people write it: 123456 is 1,234.56."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02}"
