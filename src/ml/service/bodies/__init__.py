"""What can be sent: the shapes of requests. What values mean, the verbs check themselves."""
