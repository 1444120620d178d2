"""What is held: plans, the cache, renewal; never boto3, never how it is shown."""
