"""Research tables as they were published: brought in verbatim, read by a mapping, compared, promoted."""
