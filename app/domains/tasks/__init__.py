"""Items, the tasks that their conversations ask for, the queue, and what people do with it."""
