"""Reading messy lists and writing tidy ones."""
