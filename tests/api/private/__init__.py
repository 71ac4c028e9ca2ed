"""What is private stays so: one world with a private mailbox, and everybody who may, or may not, look into it."""
