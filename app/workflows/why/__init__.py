"""Why a task stands where it stands beside others: what puts one above another, when it will be first, and what would
have to change for that."""
